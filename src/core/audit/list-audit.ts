import { readCursor, toPage, type Page } from '../../kernel/page';
import { verb } from '../access/verb';
import { toAuditFilter } from './audit-filter';
import type { AuditEntry, ListAuditQuery } from './audit.schema';
import { toAuditEntry } from './to-entry';

/** Lists the audit trail, newest first. */
export const listAudit = verb('audit.read', async (ctx, query: ListAuditQuery): Promise<Page<AuditEntry>> => {
  const { limit, cursor, ...conditions } = query;
  const rows = await ctx.store.audit.list(await toAuditFilter(ctx, conditions), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ at, id }) => ({ at, id }), toAuditEntry);
});
