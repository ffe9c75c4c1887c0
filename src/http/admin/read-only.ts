import * as z from 'zod';
import { ApiError, type Issue } from '../../kernel/errors';
import { isObject, isSameJson } from '../../kernel/json.rules';
import { invalidInput } from '../../kernel/issues';
import { pointerSegment } from '../../kernel/json-pointer';

/**
 * A body without the fields that Portico sets, so that what a GET answered can be changed and sent back: those that the body does not take
 * are dropped when they are as they are stored. `stored` answers the resource as a GET does; it is only asked when there is such a field.
 * 422 `read_only` for one that differs, 412 when that is the revision: somebody else was faster.
 */
export async function withoutReadOnly(
  body: unknown,
  schema: z.ZodType,
  stored: () => Promise<object | null>,
): Promise<unknown> {
  if (!isObject(body) || !(schema instanceof z.ZodObject)) return body;
  const names = Object.keys(body).filter((name) => !takes(schema, name));
  if (names.length === 0) return body;
  const now = (await stored()) as Record<string, unknown> | null;
  if (now === null) return body;
  const rest = { ...body };
  const issues: Issue[] = [];
  for (const name of names) {
    if (!Object.hasOwn(now, name)) continue;
    if (isSameJson(body[name], now[name])) delete rest[name];
    else if (name === 'revision')
      throw new ApiError(
        'stale_revision',
        `This resource is now at revision ${String(now.revision)}. Fetch it again and retry.`,
      );
    else if (!Object.hasOwn(schema.shape, name)) issues.push(readOnly(name));
  }
  if (issues.length > 0) throw invalidInput(issues);
  return rest;
}

/** 422 when a body that makes something has fields that only its answer has. */
export function assertNoReadOnly(body: unknown, schema: z.ZodType, answer: z.ZodType | null | undefined): void {
  if (!isObject(body) || !(schema instanceof z.ZodObject) || !(answer instanceof z.ZodObject)) return;
  const names = Object.keys(answer.shape).filter((name) => Object.hasOwn(body, name) && !takes(schema, name));
  if (names.length > 0) throw invalidInput(names.map(readOnly));
}

/** A field of the schema that some value fits. */
const takes = (schema: z.ZodObject, name: string): boolean => {
  const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  return field !== undefined && !(field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodNever);
};

const readOnly = (name: string): Issue => ({
  pointer: `#${pointerSegment(name)}`,
  code: 'read_only',
  message: 'is set by Portico: leave it out, or send it as it is',
});
