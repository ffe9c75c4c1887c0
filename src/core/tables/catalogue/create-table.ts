import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { keepAnswer } from '../../idempotency/keep-answer';
import { newId } from '../../../kernel/ids';
import { expectDone } from '../../access/revision';
import { expectRoles } from '../../identity/roles/expect-roles';
import { authorize } from '../../access/permissions';
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
export async function createTable(ctx: Context, input: CreateTableInput): Promise<Table> {
  const actor = authorize(ctx, 'table.write');
  const preconditions = [
    ...(await expectRoles(ctx, input.read, 'read')),
    ...(await expectRoles(ctx, input.write, 'write')),
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
    createdBy: actor.kind === 'user' ? actor.id : actor.kind,
  };
  const table = toTable(row);
  await ctx.store.rows.create(row);
  const { schema, name, read, write } = input;
  const entry = auditRow(ctx, 'table.create', row.id, { schema, name, columns: input.columns, read, write });
  const result = await ctx.store.commit(ctx.store.tables.insert(row), entry, keepAnswer(ctx, table), preconditions);
  if (result.kind !== 'done') await ctx.store.rows.drop(row.id);
  expectDone(result, 0, taken);
  return table;
}
