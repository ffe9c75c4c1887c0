import type { Context } from '../../core/access/context';
import type { Actor } from '../../core/access/actor';
import { authSecret } from '../../core/access/settings';
import { verifyPassword } from '../../core/identity/users/password';
import { limitAttempts } from '../../core/identity/sessions/limit-attempts';
import { noteAttempt } from '../../core/identity/sessions/note-attempt';
import { userOfBasicToken } from './basic-tokens';
import { findDefaultUser } from './passwordless-user';
import { DEFAULT_USER_NAME, isPasswordless, maySignIn } from './passwordless.rules';
import { keyedHash } from '../../kernel/signed';

/** Milliseconds for which one isolate remembers a checked password. */
const PASSWORD_CACHE_MS = 15 * 60 * 1000;

type Identifying = Pick<
  Context,
  'store' | 'settings' | 'now' | 'requestId' | 'limiter' | 'address' | 'cache' | 'defer'
>;

/**
 * Identifies the sender of HTTP Basic: a token as the name (with any password), or name and password. Reads the user every time, so that
 * disabling a user takes effect at once. Never refuses, except for 429 after too many wrong passwords.
 */
export async function identifyBasic(ctx: Identifying, username: string, password: string): Promise<Actor> {
  const known = await userOfBasicToken(ctx, username);
  const user = known ? known.user : await userOfPassword(ctx, username, password);
  if (!user?.active || !maySignIn(user.passwordHash, ctx.settings)) return { kind: 'anonymous', credential: 'invalid' };
  const { id, name, roles, passwordHash } = user;
  return {
    kind: 'user',
    id,
    name,
    roles,
    sessionId: '',
    ...(known?.until === undefined ? {} : { until: known.until }),
    ...(isPasswordless(passwordHash) ? { passwordless: true } : {}),
  };
}

async function userOfPassword(ctx: Identifying, name: string, password: string) {
  // No other user can have an empty password, so it needs no check.
  if (password === '') return name === DEFAULT_USER_NAME ? findDefaultUser(ctx) : null;
  const user = await ctx.store.users.credentials(name);
  // The hash is part of the cached value, so a new password is not mistaken for the old one.
  const secret = authSecret(ctx.settings);
  const digest = keyedHash(secret, 'password', `${user?.passwordHash}\n${password}`);
  if (user && (ctx.cache.passwords.get(digest) ?? 0) > ctx.now()) return user;
  const refundAttempt = await limitAttempts(ctx, `user ${name}`);
  if (!(await verifyPassword(password, user?.passwordHash ?? null)) || !user) {
    noteAttempt(ctx, 'session.refuse', name, { by: 'basic' });
    return null;
  }
  ctx.defer(refundAttempt());
  ctx.cache.passwords.set(digest, ctx.now() + PASSWORD_CACHE_MS);
  return user;
}
