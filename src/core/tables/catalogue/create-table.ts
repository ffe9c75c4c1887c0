import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { assertRolesExist } from '../../identity/roles/assert-roles';
import { verb } from '../../access/verb';
import { storeColumns } from './store-columns';
import type { CreateTableInput, Table } from './table.schema';
import { toTable } from './to-table';

export const tableTaken = (schema: string, name: string): ApiError =>
  new ApiError('name_taken', `There is a table ${name} in the schema ${schema} already.`);

/**
 * A new table. Definition and rows are in two databases, which nothing can change at once: the SQL table comes first, under a name made
 * from an id that nobody knows yet, then the catalogue. If the second step does not happen, an empty table is left that no catalogue
 * names; retention drops it, and the same request can be made again. 409 `name_taken`.
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
