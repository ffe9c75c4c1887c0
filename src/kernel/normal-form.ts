import * as z from 'zod';
import { isObject, sameValue } from './json.rules';

/**
 * Returns a value that `schema` has parsed, without the fields that equal their defaults, in its objects and lists too. Two texts that mean
 * the same to the schema thus have one form, and a field that a later release adds does not change it.
 */
export function withoutDefaults(schema: z.core.SomeType, value: unknown): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((item: unknown) => withoutDefaults(inner.element, item));
  if (!(inner instanceof z.ZodObject) || !isObject(value)) return value;
  const fields = Object.entries(inner.shape as z.core.$ZodShape).flatMap(([name, field]) => {
    const normal = withoutDefaults(field, value[name]);
    return normal === undefined || sameValue(normal, defaultOf(field)) ? [] : [[name, normal] as const];
  });
  return Object.fromEntries(fields);
}

const isWrapped = (schema: z.core.SomeType) =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault;

/** Returns a schema without the wrappers that only say what a missing value or null means. */
function unwrap(schema: z.core.SomeType): z.core.SomeType {
  let inner = schema;
  while (isWrapped(inner)) inner = inner.unwrap();
  return inner;
}

/** Returns the normal form of the value that a missing field has; undefined for a field without a default. */
function defaultOf(field: z.core.SomeType): unknown {
  if (field instanceof z.ZodDefault) return withoutDefaults(field, field.def.defaultValue);
  if (field instanceof z.ZodPrefault) return withoutDefaults(field, field.parse(undefined));
  return undefined;
}

/** Returns JSON text with the members of all objects sorted by name, so that equal values have equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sortMembers(value));

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (!isObject(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sortMembers(value[name])]));
}

/** Returns the schema of a list in which order and repetition mean nothing: it parses to a sorted list without duplicates. */
export const asSet = <S extends z.ZodArray<z.ZodType<string>>>(list: S): S =>
  list.overwrite((items) => [...new Set(items as string[])].sort() as typeof items);
