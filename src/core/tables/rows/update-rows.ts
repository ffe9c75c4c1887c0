import { verb } from '../../access/verb';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { rightsOf } from '../catalogue/access.rules';
import { auditRows } from './audit-rows';
import { openTable, type TableTarget } from '../catalogue/open-table';
import { planMany } from './query.rules';
import type { ManyRows, Row, RowId } from '../catalogue/row.schema';
import { collect, readChanges, toId } from './row.rules';
import { unwrapPlan, unwrapRows } from '../catalogue/rows-result';
import { fieldsOf, toRow } from '../catalogue/shape.rules';
import type { Scalar } from '../catalogue/value.rules';

/**
 * Updates columns of one row and returns the row, or null when it does not exist. An actor who may write rows but not read them gets the
 * id only. Throws 422 with every issue, or 409 `value_taken`.
 */
export const updateRow = verb(
  'row.use',
  async (ctx, target: TableTarget, id: RowId, changes: Record<string, unknown>): Promise<Row | null> => {
    const table = await openTable(ctx, target, 'write');
    const change = checkChanges(ctx, table, changes, '#');
    const key = toId(table.idType, id);
    if (key === null) return null;
    const fields = fieldsOf(table);
    const keys = fields.map((field) => field.key);
    const stored = await unwrapRows(ctx, table, await ctx.store.rows.update(table, key, change, keys));
    if (stored === null) return null;
    await auditRows(ctx, table, 'update', { row: key, columns: Object.keys(changes) });
    return rightsOf(ctx.actor, table).read ? toRow(fields, stored) : { id: key };
  },
);

/**
 * Updates every row that matches the conditions and returns the count. Requires both rights, since conditions reveal values. Throws 422
 * `no_condition` when it would change every row without `all`.
 */
export const updateRows = verb(
  'row.use',
  async (
    ctx,
    target: TableTarget,
    { changes, ...rows }: ManyRows & { changes: Record<string, unknown> },
  ): Promise<{ count: number }> => {
    const table = await openTable(ctx, target, 'write', 'read');
    const conditions = unwrapPlan(planMany(table, rows));
    const change = checkChanges(ctx, table, changes, '#/changes');
    const count = await unwrapRows(ctx, table, await ctx.store.rows.updateMany(table, conditions, change));
    await auditRows(ctx, table, 'update', { rows: count, columns: Object.keys(changes) });
    return { count };
  },
);

function checkChanges(
  ctx: Context,
  table: TableRow,
  changes: Record<string, unknown>,
  base: string,
): { keys: string[]; values: Scalar[]; now: number } {
  const issues: Issue[] = [];
  const change = readChanges(table, changes, collect(issues, base));
  if (issues.length > 0) throw invalidInput(issues);
  return { ...change, now: ctx.now() };
}
