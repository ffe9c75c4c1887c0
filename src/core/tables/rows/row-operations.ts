import * as z from 'zod';
import type { Context } from '../../access/context';
import { invalidInput, toIssues } from '../../../kernel/issues';
import { deleteRow, deleteRows } from './delete-rows';
import { insertRows } from './insert-rows';
import { countRows, getRow, listRows } from './list-rows';
import type { TableTarget } from '../catalogue/open-table';
import { RowChanges, InsertRowsInput, ManyRows, RowId, RowsQuery, Where } from '../catalogue/row.schema';
import { updateRow, updateRows } from './update-rows';

/** One operation. It checks its arguments like any verb. */
type RowOperation = (ctx: Context, args: unknown) => Promise<unknown>;

const target = { schema: z.string().max(63).nullish(), table: z.string().max(127) };

/** The operations on tables that handlers can call through the host, as JSON text. Each names its table and has the rights of the executor. */
export const ROW_OPERATIONS = {
  'tables.list': operation(RowsQuery.shape, (ctx, table, query) => listRows(ctx, table, query)),
  'tables.get': operation({ id: RowId }, (ctx, table, { id }) => getRow(ctx, table, id)),
  'tables.count': operation({ where: Where.optional() }, (ctx, table, { where }) => countRows(ctx, table, where)),
  'tables.insert': operation(InsertRowsInput.shape, (ctx, table, { rows }) => insertRows(ctx, table, rows)),
  'tables.update': operation({ id: RowId, changes: RowChanges }, (ctx, table, { id, changes }) =>
    updateRow(ctx, table, id, changes),
  ),
  'tables.delete': operation({ id: RowId }, (ctx, table, { id }) => deleteRow(ctx, table, id)),
  'tables.updateMany': operation({ ...ManyRows, changes: RowChanges }, (ctx, table, input) =>
    updateRows(ctx, table, input),
  ),
  'tables.deleteMany': operation(ManyRows, (ctx, table, rows) => deleteRows(ctx, table, rows)),
} satisfies Record<string, RowOperation>;

function operation<S extends z.ZodRawShape>(
  shape: S,
  run: (ctx: Context, table: TableTarget, args: z.output<z.ZodObject<S>>) => Promise<unknown>,
): RowOperation {
  const [where, rest] = [z.object(target), z.strictObject(shape)];
  return async (ctx, args) => {
    const named = where.safeParse(args);
    if (!named.success) throw invalidInput(toIssues(named.error));
    const { schema: _schema, table: _table, ...given } = args as Record<string, unknown>;
    const parsed = rest.safeParse(given);
    if (!parsed.success) throw invalidInput(toIssues(parsed.error));
    return run(ctx, named.data, parsed.data);
  };
}
