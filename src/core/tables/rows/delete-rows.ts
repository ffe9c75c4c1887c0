import { verb } from '../../access/verb';
import { auditRows } from './audit-rows';
import { openTable, type TableTarget } from '../catalogue/open-table';
import { planMany } from './query.rules';
import type { ManyRows, RowId } from '../catalogue/row.schema';
import { toId } from './row.rules';
import { unwrapPlan, unwrapRows } from '../catalogue/rows-result';

/** Deletes one row. Returns false when it does not exist. */
export const deleteRow = verb('row.use', async (ctx, target: TableTarget, id: RowId): Promise<boolean> => {
  const table = await openTable(ctx, target, 'write');
  const key = toId(table.idType, id);
  if (key === null) return false;
  const where = [{ key: 'id', op: 'eq' as const, value: key }];
  const count = await unwrapRows(ctx, table, await ctx.store.rows.remove(table, where));
  if (count > 0) await auditRows(ctx, table, 'delete', { row: key });
  return count > 0;
});

/**
 * Deletes every row that matches the conditions and returns the count. Requires both rights, since conditions reveal values. Throws 422
 * `no_condition` when it would delete every row without `all`.
 */
export const deleteRows = verb(
  'row.use',
  async (ctx, target: TableTarget, rows: ManyRows): Promise<{ count: number }> => {
    const table = await openTable(ctx, target, 'write', 'read');
    const conditions = unwrapPlan(planMany(table, rows));
    const count = await unwrapRows(ctx, table, await ctx.store.rows.remove(table, conditions));
    await auditRows(ctx, table, 'delete', { rows: count });
    return { count };
  },
);
