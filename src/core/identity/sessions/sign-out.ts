import { verb } from '../../access/verb';
import { tryChange } from '../../change/change';
import { requireSession } from './get-session';

/** Ends the session of the access token that asks. Ending one that just ended is not an error. */
export const signOut = verb('session.own', async (ctx): Promise<void> => {
  const { sessionId: id } = requireSession(ctx);
  await tryChange(ctx, { action: 'session.delete', id, write: ctx.store.sessions.revoke(id, ctx.now()) });
});
