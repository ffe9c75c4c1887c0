import type { Context } from '../context';
import { readCursor, toPage, type Page } from '../page';
import { authorize } from '../user/can';
import type { AuditEntry, ListAuditQuery } from './audit.schema';

/** The audit trail, newest first. */
export async function listAudit(ctx: Context, query: ListAuditQuery): Promise<Page<AuditEntry>> {
  authorize(ctx, 'audit.read');
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.audit.list(filter, readCursor(cursor), limit + 1);
  return toPage(
    rows,
    limit,
    ({ at, id }) => ({ at, id }),
    ({ at, actorKind, actorId, ...row }) => ({
      ...row,
      at: new Date(at).toISOString(),
      actor: { kind: actorKind, id: actorId },
    }),
  );
}
