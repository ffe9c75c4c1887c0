import type { TableRow } from '../../../storage/tables';
import { addAuditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';

/**
 * Adds an audit row for a change of rows by a person: how many, or which one, never their values. Changes by handlers are in their runs.
 * Written after the change, in another database: if this fails, so does the request, although the rows are changed.
 */
export async function auditRows(
  ctx: Context,
  table: TableRow,
  verb: 'insert' | 'update' | 'delete' | 'import',
  changes: Record<string, unknown>,
): Promise<void> {
  if (ctx.actor.kind === 'user' && ctx.actor.executing) return;
  const { schema, name } = table;
  await addAuditRow(ctx, `row.${verb}`, table.id, { schema, name, ...changes });
}
