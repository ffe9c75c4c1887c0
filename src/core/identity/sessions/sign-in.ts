import { verb } from '../../access/verb';
import { newId } from '../../../kernel/ids';
import { authSecret } from '../../access/settings';
import { toUser } from '../users/get-user';
import { issueTokens } from './issue-tokens';
import { checkPassword, openSession } from './open-session';
import { makeSessionSecret } from './session-secret';
import type { SignedIn, SignInInput } from './session.schema';

/** Lifetime of a session from signing in, refreshes included. */
export const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

/** Signs a program in by a password. Returns the tokens of a new session. Throws 401 and 429 as `checkPassword` does. */
export const signIn = verb('public', async (ctx, input: SignInInput): Promise<SignedIn> => {
  const key = authSecret(ctx.settings);
  const user = await checkPassword(ctx, input);
  const now = ctx.now();
  const refresh = makeSessionSecret(key, 'refresh', newId('ses', now));
  await openSession(ctx, user, refresh, { holder: 'program', expiresAt: now + SESSION_MS });
  return {
    ...(await issueTokens(ctx, user.id, refresh.sessionId)),
    refreshToken: refresh.secret,
    user: toUser(user),
  };
});
