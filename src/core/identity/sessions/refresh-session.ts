import { asSystem } from '../../access/actor';
import { tryChange } from '../../change/change';
import { verb } from '../../access/verb';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { authSecret } from '../../access/settings';
import { BEARER } from '../../access/permissions';
import { findUser, toUser } from '../users/get-user';
import { issueTokens } from './issue-tokens';
import { makeSessionSecret, readSessionSecret } from './session-secret';
import type { SignedIn } from './session.schema';

/**
 * Exchanges a refresh token, which works once, for new tokens: one conditional UPDATE replaces it. A second use ends the session, since one
 * of the two uses is a theft. Throws 401 `invalid_token` for everything but the current token.
 */
export const refreshSession = verb('public', async (ctx, token: string): Promise<SignedIn> => {
  const secret = authSecret(ctx.settings);
  const refused = new ApiError('invalid_token', 'The refresh token is invalid or has expired. Sign in again.', {
    headers: BEARER,
  });
  const given = readSessionSecret(secret, 'refresh', token);
  if (given === null) throw refused;
  const next = makeSessionSecret(secret, 'refresh', given.sessionId);
  const { sessions } = ctx.store;
  if (!(await sessions.rotate(given.sessionId, given.hash, next.hash, ctx.now()))) {
    await endReused(ctx, given.sessionId);
    throw refused;
  }
  const session = await sessions.identify(given.sessionId, ctx.now());
  if (!session) throw refused;
  const user = await findUser(ctx, session.userId);
  return { ...(await issueTokens(ctx, user.id, given.sessionId)), refreshToken: next.secret, user: toUser(user) };
});

/** Ends the session of an old refresh token, with an audit entry, unless it has ended already. */
async function endReused(ctx: Context, sessionId: string): Promise<void> {
  await tryChange(asSystem(ctx), {
    action: 'session.reuse',
    id: sessionId,
    changes: { address: ctx.address },
    write: ctx.store.sessions.revoke(sessionId, ctx.now()),
  });
}
