import type { Context } from '../../core/access/context';
import type { Actor } from '../../core/access/actor';
import { authSecret } from '../../core/access/auth-secret';
import { verifyPassword } from '../../core/identity/users/password';
import { limitAttempts } from '../../core/identity/sessions/limit-attempts';
import { noteAttempt } from '../../core/identity/sessions/note-attempt';
import { userOfBasicToken } from './basic-tokens';
import { findDefaultUser } from './passwordless-user';
import { DEFAULT_USER_NAME, isPasswordless, isServed } from './passwordless.rules';
import { keyedHash } from '../../kernel/signed';

/** How long one isolate takes a password for right that it has checked. */
const REMEMBERED_MS = 15 * 60 * 1000;

type Identifying = Pick<
  Context,
  'store' | 'settings' | 'now' | 'requestId' | 'limiter' | 'address' | 'cache' | 'defer'
>;

/**
 * Who sends HTTP Basic: a token as the name (whatever the password says), or name and password. The user is read every time, so that
 * somebody who was disabled is out at once. Never refuses, but for 429 after too many wrong passwords.
 */
export async function identifyBasic(ctx: Identifying, username: string, password: string): Promise<Actor> {
  const known = await userOfBasicToken(ctx, username);
  const user = known ? known.user : await userOfPassword(ctx, username, password);
  if (!user?.active || !isServed(user.passwordHash, ctx.settings)) return { kind: 'anonymous', credential: 'invalid' };
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
  // Nobody else has an empty password: it is wrong without a look.
  if (password === '') return name === DEFAULT_USER_NAME ? findDefaultUser(ctx) : null;
  const user = await ctx.store.users.credentials(name);
  // The hash is part of what is remembered, so a new password is not taken for the old one.
  const secret = authSecret(ctx.settings);
  const digest = keyedHash(secret, 'password', `${user?.passwordHash}\n${password}`);
  if (user && (ctx.cache.passwords.get(digest) ?? 0) > ctx.now()) return user;
  const refundAttempt = await limitAttempts(ctx, `user ${name}`);
  if (!(await verifyPassword(password, user?.passwordHash ?? null)) || !user) {
    noteAttempt(ctx, 'session.refuse', name, { by: 'basic' });
    return null;
  }
  ctx.defer(refundAttempt());
  ctx.cache.passwords.set(digest, ctx.now() + REMEMBERED_MS);
  return user;
}
