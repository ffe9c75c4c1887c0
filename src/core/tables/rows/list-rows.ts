import { verb } from '../../access/verb';
import type { Context } from '../../access/context';
import { writeRowCursor } from './cursor.rules';
import { openTable, type TableTarget } from '../catalogue/open-table';
import { planPage, planWhere } from './query.rules';
import type { Row, RowId, RowsPage, RowsQuery, Where } from '../catalogue/row.schema';
import { toId } from './row.rules';
import { unwrapQuery, unwrapRows } from '../catalogue/rows-result';
import { fieldsOf, toRow } from '../catalogue/shape.rules';
import type { TableRow } from '../../../storage/tables';

/** Lists a page of rows: at most `limit`, fewer when they are large; `nextCursor` is the start of the next page. */
export const listRows = verb('row.use', async (ctx, target: TableTarget, query: RowsQuery): Promise<RowsPage> =>
  readPage(ctx, await openTable(ctx, target, 'read'), query),
);

/** Reads a page of an opened table. */
export async function readPage(ctx: Context, table: TableRow, query: RowsQuery): Promise<RowsPage> {
  const { fields, ...plan } = unwrapQuery(planPage(table, query));
  const { rows, found } = await unwrapRows(ctx, table, await ctx.store.rows.page(table, plan));
  const kept = rows.slice(0, query.limit);
  const last = kept.at(-1);
  return {
    rows: kept.map((row) => toRow(fields, row)),
    nextCursor: last !== undefined && kept.length < found ? writeRowCursor(plan.sort, last) : null,
  };
}

/** Returns the row with this id, or null. */
export const getRow = verb('row.use', async (ctx, target: TableTarget, id: RowId): Promise<Row | null> => {
  const table = await openTable(ctx, target, 'read');
  const key = toId(table.idType, id);
  if (key === null) return null;
  const fields = fieldsOf(table);
  const where = [{ key: 'id', op: 'eq' as const, value: key }];
  const sort = [{ key: 'id', desc: false }];
  const plan = { keys: fields.map((field) => field.key), where, sort, after: null, offset: 0, limit: 1, maxBytes: 1 };
  const { rows } = await unwrapRows(ctx, table, await ctx.store.rows.page(table, plan));
  return rows[0] ? toRow(fields, rows[0]) : null;
});

/** Counts the rows that match the conditions. */
export const countRows = verb(
  'row.use',
  async (ctx, target: TableTarget, where: Where | undefined): Promise<number> => {
    const table = await openTable(ctx, target, 'read');
    return unwrapRows(ctx, table, await ctx.store.rows.count(table, unwrapQuery(planWhere(table, where))));
  },
);
