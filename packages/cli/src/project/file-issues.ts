import * as z from 'zod';
import { nearest } from './nearest.ts';
import { hasPath, locate, type FileIssue, type Jsonc } from './jsonc.ts';

/** An issue of a document, with a JSON Pointer after `#`. */
export interface DocumentIssue {
  pointer: string;
  code: string;
  message: string;
}

type Path = readonly (string | number)[];

/**
 * Converts issues of a document to issues with line and column, with the nearest field for an unknown one. `bases` are the places in the
 * file where parts of the document are: the first that has the value of an issue is its place, else the last.
 */
export function fileIssuesOf(
  jsonc: Jsonc,
  bases: readonly Path[],
  issues: readonly DocumentIssue[],
  schema: z.core.SomeType,
): FileIssue[] {
  return issues.map(({ pointer, code, message }) => {
    const path = pathOf(pointer);
    const isUnknown = code === 'unknown_field';
    const near = isUnknown ? nearest(String(path.at(-1)), fieldsAt(schema, path.slice(0, -1))) : null;
    const base = bases.find((one) => hasPath(jsonc, [...one, ...path])) ?? bases.at(-1) ?? [];
    const field = path.length === 0 ? '' : `${path.join('.')} `;
    const text = isUnknown ? `unknown field ${String(path.at(-1))}` : `${field}${message}`;
    return {
      file: jsonc.file,
      ...locate(jsonc, [...base, ...path], isUnknown),
      message: near === null ? text : `${text}. Did you mean ${near}?`,
    };
  });
}

const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      return /^\d+$/.test(name) ? Number(name) : name;
    });

/** Returns the names of the fields that a schema has at a path. */
function fieldsAt(schema: z.core.SomeType, path: readonly (string | number)[]): string[] {
  let at: z.core.SomeType | undefined = schema;
  for (const part of path) {
    const inner: z.core.SomeType | undefined = at && unwrap(at);
    if (inner instanceof z.ZodArray) at = inner.element;
    else if (inner instanceof z.ZodRecord) at = inner.valueType;
    else at = inner instanceof z.ZodObject ? (inner.shape as Record<string, z.core.SomeType>)[part] : undefined;
  }
  const end = at && unwrap(at);
  return end instanceof z.ZodObject ? Object.keys(end.shape) : [];
}

function unwrap(schema: z.core.SomeType): z.core.SomeType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault
  )
    inner = inner.unwrap();
  return inner;
}
