import { readCursor, toPage, type Page } from '../../kernel/page';
import { verb } from '../access/verb';
import { toAuditFilter } from './audit-filter';
import type { AuditEntry, ListAuditQuery } from './audit.schema';
import { toIso } from '../../kernel/clock';
import type { StoredAuditRow } from '../../storage/audit';

/** Converts a stored row of the audit trail to its form in the API. */
export const toAuditEntry = ({ at, actorKind, actorId, ...row }: StoredAuditRow): AuditEntry => ({
  ...row,
  at: toIso(at),
  actor: { kind: actorKind, id: actorId },
});

/** Lists the audit trail, newest first. */
export const listAudit = verb('audit.read', async (ctx, query: ListAuditQuery): Promise<Page<AuditEntry>> => {
  const { limit, cursor, ...conditions } = query;
  const rows = await ctx.store.audit.list(await toAuditFilter(ctx, conditions), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ at, id }) => ({ at, id }), toAuditEntry);
});
