import { readCursor, toPage, type Page } from '../../kernel/page';
import { verb } from '../access/verb';
import type { AuditEntry, ListAuditQuery, AuditConditions } from './audit.schema';
import { toIso, fromIso } from '../../kernel/clock';
import type { NamedAuditRow, AuditFilter } from '../../storage/audit';
import type { Context } from '../access/context';

/** Converts a stored row of the audit trail to its form in the API. */
export const toAuditEntry = ({ at, actorKind, actorId, actorName, ...row }: NamedAuditRow): AuditEntry => ({
  ...row,
  at: toIso(at),
  actor: { kind: actorKind, id: actorId, name: actorName },
});

/** Lists the audit trail, newest first. */
export const listAudit = verb('audit.read', async (ctx, query: ListAuditQuery): Promise<Page<AuditEntry>> => {
  const { limit, cursor, ...conditions } = query;
  const rows = await ctx.store.audit.list(await toAuditFilter(ctx, conditions), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ at, id }) => ({ at, id }), toAuditEntry);
});

/** Converts a query to the filter of the store: a user's name as actor becomes an id, times become milliseconds. */
export async function toAuditFilter(ctx: Pick<Context, 'store'>, query: AuditConditions): Promise<AuditFilter> {
  const { actor, since, until, q, ...filter } = query;
  const user = actor === undefined ? undefined : await ctx.store.users.find(actor);
  return {
    ...filter,
    actor: user?.id ?? actor,
    text: q,
    since: fromIso(since),
    until: fromIso(until),
  };
}
