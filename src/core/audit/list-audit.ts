import type { Context } from '../access/context';
import { readCursor, toPage, type Page } from '../../kernel/page';
import { authorize } from '../access/permissions';
import { toAuditFilter } from './audit-filter';
import type { AuditEntry, ListAuditQuery } from './audit.schema';
import { toAuditEntry } from './to-entry';

/** The audit trail, newest first. */
export async function listAudit(ctx: Context, query: ListAuditQuery): Promise<Page<AuditEntry>> {
  authorize(ctx, 'audit.read');
  const { limit, cursor, ...conditions } = query;
  const rows = await ctx.store.audit.list(await toAuditFilter(ctx, conditions), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ at, id }) => ({ at, id }), toAuditEntry);
}
