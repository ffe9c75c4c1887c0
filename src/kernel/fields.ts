import * as z from 'zod';

/**
 * The fields of a noun with their defaults; the schemas of input, stored document and response are derived from them. A group, whose own
 * fields change one by one, is `z.strictObject(fields).prefault({})`; every other value is replaced as a whole.
 */
export type Fields = z.core.$ZodShape;
type Group<F extends Fields> = z.ZodPrefault<z.ZodObject<F, z.core.$strict>>;

/** The values of all fields. */
export type Complete<F extends Fields> = z.output<z.ZodObject<F>>;

/** The values of a stored document, in which fields added after it was last saved are missing, in groups too. */
export type Stored<F extends Fields> = {
  [K in keyof F]?: F[K] extends Group<infer G> ? Stored<G> : z.output<F[K]>;
};

type OptionalField<T extends z.core.SomeType> =
  T extends Group<infer G>
    ? z.ZodOptional<z.ZodObject<OptionalFields<G>, z.core.$strict>>
    : T extends z.ZodDefault<infer I>
      ? z.ZodOptional<I>
      : T extends z.ZodOptional
        ? T
        : z.ZodOptional<T>;
type OptionalFields<F extends Fields> = { -readonly [K in keyof F]: OptionalField<F[K]> };

/** Any subset of the values, of groups too. */
type Changes<F extends Fields> = z.output<z.ZodObject<OptionalFields<F>>>;

/** Returns the fields of a group, or null for a field that is replaced as a whole. */
export function groupOf(field: z.core.SomeType | undefined): Fields | null {
  if (!(field instanceof z.ZodPrefault)) return null;
  const inner = field.unwrap();
  return inner instanceof z.ZodObject ? inner.shape : null;
}

/** Returns the fields of an update: all optional, and without defaults. */
export const optionalFields = <F extends Fields>(fields: F): OptionalFields<F> =>
  // Built key by key, which types cannot follow.
  mapFields(fields, toOptional) as OptionalFields<F>;

function toOptional(field: z.core.SomeType): z.ZodOptional {
  const group = groupOf(field);
  if (group !== null) return z.strictObject(optionalFields(group)).optional();
  if (field instanceof z.ZodOptional) return field;
  return ((field instanceof z.ZodDefault ? field.unwrap() : field) as z.ZodType).optional();
}

/** Returns the values of a stored document, with the defaults of the fields that it lacks. Checks nothing. */
export const fillDefaults = <F extends Fields>(fields: F, stored: Stored<F>): Complete<F> =>
  mapFields(fields, (field, name) => {
    const value: unknown = stored[name];
    const group = groupOf(field);
    if (group !== null) return fillDefaults(group, (value ?? {}) as Stored<Fields>);
    return value === undefined && field instanceof z.ZodDefault ? field.def.defaultValue : value;
  }) as Complete<F>;

/** Returns the values with those of `changes`. */
export const applyChanges = <F extends Fields>(fields: F, before: Complete<F>, changes: Changes<F>): Complete<F> =>
  mapFields(fields, (field, name) => {
    const [old, given] = [before[name as keyof typeof before], changes[name as keyof typeof changes]] as unknown[];
    if (given === undefined) return old;
    const group = groupOf(field);
    return group === null ? given : applyChanges(group, old as Complete<Fields>, given as Changes<Fields>);
  }) as Complete<F>;

/** Builds one value for each field; omits a field whose value is undefined. */
const mapFields = <F extends Fields>(fields: F, make: (field: z.core.SomeType, name: string) => unknown): object =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, field]) => [name, make(field, name)])
      .filter(([, value]) => value !== undefined),
  );
