import * as z from 'zod';
import { COLUMN_TYPES, type ColumnType } from './column-type.rules';
import { toStoredValue } from './value.rules';

/** SQLite cannot change a type, and only the author can decide about values that do not fit. */
export const TYPE_STAYS =
  'the type of a column cannot be changed: create a table with the new type, export the rows of this one and import them there, then swap the names';

/** Kinds of row ids: `uuid`, a version 7 UUID, or `integer`, counted up and never used twice. */
export const ID_TYPES = ['uuid', 'integer'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** D1 allows 100 columns in a table and in a result. System columns, those of a page query and leftovers of drops need the rest. */
export const MAX_COLUMNS = 90;

/** Every table has these three; writes cannot set the last two. */
export const SYSTEM_COLUMNS = ['id', 'created_at', 'updated_at'] as const;

/** Names of schemas, tables and columns. They are looked up in the catalogue and never reach SQL. */
export const CatalogueName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be 1 to 63 lower case letters, digits or _, not starting with a digit')
  // Rows become JavaScript objects, in which this name sets the prototype.
  .refine((name) => name !== '__proto__', 'must not be __proto__');

export const ColumnName = CatalogueName.refine((name) => !SYSTEM_COLUMNS.some((reserved) => reserved === name), {
  message: `is reserved: every table has ${SYSTEM_COLUMNS.join(', ')}`,
  params: { code: 'reserved_name' },
});

/** Types whose values are too large for an index, so they are not unique and not sorted. */
export const LARGE_TYPES: readonly string[] = ['longtext', 'json'] satisfies ColumnType[];

export const Column = z
  .strictObject({
    name: ColumnName,
    type: z.enum(COLUMN_TYPES),
    required: z.boolean().default(false).meta({ description: 'Every row has a value: null is rejected' }),
    unique: z.boolean().default(false).meta({ description: 'No two rows have the same value; null does not count' }),
    default: z.json().default(null).meta({ description: 'Value for a new row without one' }),
  })
  .superRefine((column, ctx) => {
    if (column.unique && LARGE_TYPES.includes(column.type))
      ctx.addIssue({ code: 'custom', path: ['unique'], message: `a ${column.type} column cannot be unique` });
    const checked = toStoredValue(column.type, column.default);
    if ('issue' in checked) ctx.addIssue({ code: 'custom', path: ['default'], message: checked.issue });
  });
export type Column = z.infer<typeof Column>;

/** A column in the catalogue. `key` is its name in DATA: random and constant, so that a rename changes the catalogue only. */
export type StoredColumn = Column & { key: string };
