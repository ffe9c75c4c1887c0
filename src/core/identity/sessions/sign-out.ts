import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { expectSession } from './get-session';

/** Ends the session of the access token that asks. Ending one that just ended is no error. */
export async function signOut(ctx: Context): Promise<void> {
  const { sessionId } = expectSession(ctx);
  await ctx.store.commit(ctx.store.sessions.revoke(sessionId, ctx.now()), auditRow(ctx, 'session.delete', sessionId));
  ctx.memory.forget();
}
