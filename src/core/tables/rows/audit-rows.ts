import type { TableRow } from '../../../storage/tables';
import { addAuditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';

/**
 * Notes that a person changed rows: how many, or which one, never their values. What handlers change is in their runs. Written after the
 * change, in another database: if this fails the answer does, though the rows are changed.
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
