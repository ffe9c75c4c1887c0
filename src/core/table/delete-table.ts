import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from '../user/can';
import { findTable } from './open-table';

/**
 * Deletes a table and its rows. The catalogue goes first: from then on nothing reaches the rows, and if dropping them does not happen
 * they are out of reach under a name that is never used again, until retention drops them.
 */
export async function deleteTable(ctx: Context, id: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'table.write');
  const table = await findTable(ctx, id);
  checkRevision(ifMatch, table.revision);
  const { schema, name } = table;
  const entry = auditRow(ctx, 'table.delete', id, { schema, name });
  expectDone(await ctx.store.commit(ctx.store.tables.remove(id, table.revision), entry), table.revision);
  await ctx.store.rows.drop(id);
}
