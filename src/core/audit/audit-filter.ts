import { fromIso } from '../../kernel/clock';
import type { AuditFilter } from '../../storage/audit';
import type { Context } from '../access/context';
import type { AuditConditions } from './audit.schema';

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
