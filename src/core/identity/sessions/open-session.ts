import type { Actor } from '../../access/actor';
import type { Context } from '../../access/context';
import { BEARER } from '../../access/permissions';
import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import type { UserRow } from '../../../storage/users';
import { verifyPassword } from '../users/password';
import { limitAttempts } from './limit-attempts';
import { noteAttempt } from './note-attempt';
import type { SignInInput } from './session.schema';
import type { SessionSecret } from './session-secret';

export type Credentials = UserRow & { passwordHash: string };

/** The refusal of every sign-in by password, whatever was wrong. */
export const refusedSignIn = (): ApiError =>
  new ApiError('invalid_credentials', 'Name or password is wrong.', { headers: BEARER });

/**
 * Returns the user with this name and password. Throws 401 `invalid_credentials` with the same message, after the same time, for a wrong
 * password, an unknown name and a deactivated user; throws 429 after too many failures.
 */
export async function checkPassword(ctx: Context, input: SignInInput): Promise<Credentials> {
  const refundAttempt = await limitAttempts(ctx, `user ${input.name}`);
  const user = await ctx.store.users.credentials(input.name);
  const right = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (!user || !right || !user.active) {
    noteAttempt(ctx, 'session.refuse', input.name, { by: 'password' });
    throw refusedSignIn();
  }
  ctx.defer(refundAttempt());
  return user;
}

/** How a session begins. `expiresAt` is in Unix milliseconds. */
interface Opening {
  holder: 'browser' | 'program';
  expiresAt: number;
  /** The identity provider that signed the user in; none: a password or a code. */
  provider?: string;
  /** The refusal where user or password changed during the check, or the session exists. */
  refused?: () => ApiError;
}

/** Opens a session of a user for a browser or a program, with an audit entry. Returns its user as an actor. */
export async function openSession(
  ctx: Context,
  user: Credentials,
  { sessionId, hash }: SessionSecret,
  { holder, expiresAt, provider, refused = refusedSignIn }: Opening,
): Promise<Extract<Actor, { kind: 'user' }>> {
  const now = ctx.now();
  const by = provider === undefined ? {} : { provider };
  const times = { createdAt: now, refreshedAt: now, expiresAt };
  const row = { id: sessionId, userId: user.id, refreshHash: hash, holder, address: ctx.address, ...times };
  const actor = { kind: 'user' as const, id: user.id, name: user.name, roles: user.roles, sessionId };
  await change(
    { ...ctx, actor },
    {
      action: 'session.create',
      id: sessionId,
      changes: { address: ctx.address, ...by },
      write: ctx.store.sessions.insert(row, user.passwordHash),
      // The password was changed, or the user deactivated, during the check.
      explain: refused,
    },
  );
  return actor;
}
