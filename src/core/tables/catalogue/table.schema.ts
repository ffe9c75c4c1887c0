import * as z from 'zod';
import { optionalFields } from '../../../kernel/fields';
import { PageQuery } from '../../../kernel/page';
import { RoleNames } from '../../identity/roles/role.schema';
import { Column, ColumnName, ID_TYPES, MAX_COLUMNS, CatalogueName, TYPE_STAYS } from './column.schema';

/** The schema of a table when the author names none. */
export const DEFAULT_SCHEMA = 'public';

const Columns = z
  .array(Column)
  .max(MAX_COLUMNS)
  .superRefine((columns, ctx) => {
    columns.forEach(({ name }, i) => {
      if (columns.findIndex((other) => other.name === name) < i)
        ctx.addIssue({ code: 'custom', path: [i, 'name'], message: `two columns have the name ${name}` });
    });
  });
const LIST_RULES = 'an empty list means developers. A handler has the roles of its executor. Admins are always allowed';

const names = {
  schema: CatalogueName.default(DEFAULT_SCHEMA),
  name: CatalogueName,
  description: z.string().max(10_000).default(''),
};
const access = {
  read: RoleNames.meta({ description: `Roles that may read rows; ${LIST_RULES}` }).default([]),
  write: RoleNames.meta({ description: `Roles that may write rows; ${LIST_RULES}` }).default([]),
};

export const CreateTableInput = z.strictObject({
  ...names,
  idType: z
    .enum(ID_TYPES)
    .default('uuid')
    .meta({ description: 'uuid: version 7, in time order. integer: counted up. Cannot be changed' }),
  columns: Columns.default([]),
  ...access,
});
export type CreateTableInput = z.infer<typeof CreateTableInput>;

/** Renames come first, then drops, then additions: `dropColumns` uses the new names. */
export const UpdateTableInput = z.strictObject({
  ...optionalFields({ ...names, ...access }),
  renameColumns: z
    .record(z.string().max(63), ColumnName)
    .default({})
    .meta({ description: 'New names by old ones. Handlers that use an old one then fail' }),
  dropColumns: z
    .array(z.string().max(63))
    .max(MAX_COLUMNS)
    .default([])
    .meta({ description: 'Dropped with all their values' }),
  columns: z
    .never({ error: `must not be set: use renameColumns, dropColumns and addColumns; ${TYPE_STAYS}` })
    .optional()
    .meta({ description: 'For new tables only' }),
  addColumns: Columns.default([]).meta({ description: 'A required one must have a default, for existing rows' }),
});
export type UpdateTableInput = z.infer<typeof UpdateTableInput>;

export const Table = z.object({
  id: z.string(),
  schema: z.string(),
  name: z.string(),
  description: z.string(),
  idType: z.enum(ID_TYPES),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      required: z.boolean(),
      unique: z.boolean(),
      default: z.unknown(),
    }),
  ),
  read: z.array(z.string()),
  write: z.array(z.string()),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type Table = z.infer<typeof Table>;

export const ListTablesQuery = z.strictObject({
  ...PageQuery.shape,
  schema: z.string().max(63).optional(),
  name: z.string().max(63).optional(),
});
export type ListTablesQuery = z.infer<typeof ListTablesQuery>;
