import { toIso } from '../../../kernel/clock';
import { notFound } from '../../../kernel/errors';
import { verb } from '../../access/verb';
import { tryChange } from '../../change/change';
import { requireSession } from './get-session';
import type { SessionEntry } from './session.schema';

/** Sessions that a list has at most. */
const MAX_LISTED = 200;

/** Lists the sessions of the actor that have not ended, newest first; at most 200. */
export const listSessions = verb('session.own', async (ctx): Promise<{ items: SessionEntry[] }> => {
  const { id, sessionId } = requireSession(ctx);
  const rows = await ctx.store.sessions.list(id, ctx.now(), MAX_LISTED);
  return {
    items: rows.map(({ createdAt, refreshedAt, expiresAt, ...row }) => ({
      ...row,
      current: row.id === sessionId,
      createdAt: toIso(createdAt),
      refreshedAt: toIso(refreshedAt),
      expiresAt: toIso(expiresAt),
    })),
  };
});

/** Ends a session of the actor. Throws 404 for one that has ended, and for those of others. */
export const endSession = verb('session.own', async (ctx, id: string): Promise<void> => {
  const actor = requireSession(ctx);
  const write = ctx.store.sessions.revoke(id, ctx.now(), actor.id);
  if (!(await tryChange(ctx, { action: 'session.delete', id, write }))) throw notFound('session');
});

/** Ends all sessions of the actor but that of this request. Ending none is not an error. */
export const endOtherSessions = verb('session.own', async (ctx): Promise<void> => {
  const { id, sessionId } = requireSession(ctx);
  const write = ctx.store.sessions.revokeOf(id, ctx.now(), sessionId);
  await tryChange(ctx, { action: 'session.delete-others', id: sessionId, write });
});
