import * as z from 'zod';
import { ApiError, type Issue } from '../../kernel/errors';
import { isObject, isSameJson } from '../../kernel/json.rules';
import { invalidInput } from '../../kernel/issues';
import { pointerSegment } from '../../kernel/json-pointer';

/**
 * Removes the fields that Portico sets from a body, so that the response to a GET can be changed and sent back: fields that the body does
 * not accept are dropped when they equal the stored ones. `stored` returns the resource as a GET does; it is called only when there is such
 * a field. Throws 422 `read_only` for a field that differs, or 412 when that is the revision: another request has changed the resource.
 */
export async function withoutReadOnly(
  body: unknown,
  schema: z.ZodType,
  stored: (body: object) => Promise<object | null>,
): Promise<unknown> {
  if (!isObject(body) || !(schema instanceof z.ZodObject)) return body;
  const names = Object.keys(body).filter((name) => !takes(schema, name));
  if (names.length === 0) return body;
  const now = (await stored(body)) as Record<string, unknown> | null;
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

/** Throws 422 when the body of a creation has fields that only its response has. */
export function assertNoReadOnly(body: unknown, schema: z.ZodType, answer: z.ZodType | null | undefined): void {
  if (!isObject(body) || !(schema instanceof z.ZodObject) || !(answer instanceof z.ZodObject)) return;
  const names = Object.keys(answer.shape).filter((name) => Object.hasOwn(body, name) && !takes(schema, name));
  if (names.length > 0) throw invalidInput(names.map(readOnly));
}

/** Checks whether a field of the schema accepts any value. */
const takes = (schema: z.ZodObject, name: string): boolean => {
  const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  return field !== undefined && !(field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodNever);
};

const readOnly = (name: string): Issue => ({
  pointer: `#${pointerSegment(name)}`,
  code: 'read_only',
  message: 'is set by Portico: omit it, or send it unchanged',
});
