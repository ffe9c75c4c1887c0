import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { assertRolesExist } from '../../identity/roles/assert-roles';
import { verb } from '../../access/verb';
import type { CreateTableInput, Table } from './table.schema';
import { toTable } from './get-table';
import type { Column, StoredColumn } from './column.schema';

export const tableTaken = (schema: string, name: string): ApiError =>
  new ApiError('name_taken', `A table ${name} already exists in the schema ${schema}.`);

/**
 * Creates a table. Definition and rows are in two databases, without a common transaction: the SQL table comes first, named by a new id,
 * then the catalogue. If the second step does not happen, an empty table is left that the catalogue does not name; retention drops it,
 * and the request can be repeated. Throws 409 `name_taken`.
 */
export const createTable = verb('table.write', async (ctx, input: CreateTableInput): Promise<Table> => {
  const requires = [
    ...(await assertRolesExist(ctx, input.read, 'read')),
    ...(await assertRolesExist(ctx, input.write, 'write')),
  ];
  const taken = tableTaken(input.schema, input.name);
  if (await ctx.store.tables.byName(input.schema, input.name)) throw taken;
  const now = ctx.now();
  const row = {
    ...input,
    id: newId('tbl', now),
    columns: storeColumns(input.columns),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: actorLabel(ctx.actor),
  };
  const table = toTable(row);
  await ctx.store.rows.create(row);
  const { schema, name, read, write } = input;
  await change(ctx, {
    action: 'table.create',
    id: row.id,
    changes: { schema, name, columns: input.columns, read, write },
    write: ctx.store.tables.insert(row),
    requires,
    answer: table,
    taken,
    undo: () => ctx.store.rows.drop(row.id),
  });
  return table;
});

/** Adds names in DATA to columns: random, so that they never collide with concurrent or interrupted changes. */
export const storeColumns = (columns: Column[]): StoredColumn[] =>
  columns.map((column) => ({ ...column, key: newKey() }));

/** Lower case: SQLite compares names without case. */
const newKey = (): string => `c_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
