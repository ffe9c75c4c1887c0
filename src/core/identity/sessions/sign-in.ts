import { change } from '../../change/change';
import { verb } from '../../access/verb';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { authSecret } from '../../access/settings';
import { BEARER } from '../../access/permissions';
import { verifyPassword } from '../users/password';
import { toUser } from '../users/get-user';
import { issueTokens } from './issue-tokens';
import { limitAttempts } from './limit-attempts';
import { noteAttempt } from './note-attempt';
import { makeRefreshToken } from './refresh-token';
import type { SignedIn, SignInInput } from './session.schema';

/** Lifetime of a session from signing in, refreshes included. */
export const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Signs a user in. Throws 401 `invalid_credentials` with the same message, after the same time, for a wrong password, an unknown name and a
 * deactivated user; throws 429 after too many failures.
 */
export const signIn = verb('public', async (ctx, input: SignInInput): Promise<SignedIn> => {
  const secret = authSecret(ctx.settings);
  const refundAttempt = await limitAttempts(ctx, `user ${input.name}`);
  const refused = new ApiError('invalid_credentials', 'Name or password is wrong.', { headers: BEARER });
  const user = await ctx.store.users.credentials(input.name);
  const right = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (!user || !right || !user.active) {
    noteAttempt(ctx, 'session.refuse', input.name, { by: 'password' });
    throw refused;
  }
  ctx.defer(refundAttempt());
  const now = ctx.now();
  const refresh = makeRefreshToken(secret, newId('ses', now));
  const row = {
    id: refresh.sessionId,
    userId: user.id,
    refreshHash: refresh.hash,
    createdAt: now,
    refreshedAt: now,
    expiresAt: now + SESSION_MS,
  };
  const actor = { kind: 'user' as const, id: user.id, name: user.name, roles: user.roles, sessionId: row.id };
  await change(
    { ...ctx, actor },
    {
      action: 'session.create',
      id: row.id,
      changes: { address: ctx.address },
      write: ctx.store.sessions.insert(row, user.passwordHash),
      // The password was changed, or the user deactivated, during the check.
      explain: () => refused,
    },
  );
  return { ...(await issueTokens(ctx, user.id, row.id)), refreshToken: refresh.token, user: toUser(user) };
});
