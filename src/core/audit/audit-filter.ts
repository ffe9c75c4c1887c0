import type { AuditFilter } from '../../storage/audit';
import type { Context } from '../access/context';
import type { AuditConditions } from './audit.schema';

/** What a query asks for, as the store looks for it: an actor may be named by a user's name, times are milliseconds. */
export async function toAuditFilter(ctx: Pick<Context, 'store'>, query: AuditConditions): Promise<AuditFilter> {
  const { actor, since, until, q, ...filter } = query;
  const user = actor === undefined ? undefined : await ctx.store.users.find(actor);
  return {
    ...filter,
    actor: user?.id ?? actor,
    text: q,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
  };
}
