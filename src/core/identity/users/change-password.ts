import { change } from '../../change/change';
import { verb } from '../../access/verb';
import { notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { requireSession } from '../sessions/get-session';
import { limitAttempts } from '../sessions/limit-attempts';
import { noteAttempt } from '../sessions/note-attempt';
import { hashPassword, verifyPassword } from './password';
import type { ChangePasswordInput } from './user.schema';

/**
 * Changes the actor's own password and ends their other sessions. 422 when the old one is wrong, 429 after too many attempts: a stolen
 * access token cannot be used to guess a password.
 */
export const changePassword = verb('session.own', async (ctx, input: ChangePasswordInput): Promise<void> => {
  const actor = requireSession(ctx);
  await limitAttempts(ctx, `user ${actor.name}`);
  const { users, sessions } = ctx.store;
  const user = await users.credentialsOf(actor.id);
  if (!user) throw notFound('user');
  if (!(await verifyPassword(input.password, user.passwordHash))) {
    noteAttempt(ctx, 'session.refuse', actor.name, { by: 'change of the password' });
    throw invalidField('password', 'wrong_password', 'is not your password');
  }
  const now = ctx.now();
  const patch = { passwordHash: await hashPassword(input.newPassword), updatedAt: now };
  await change(ctx, {
    action: 'user.update',
    id: actor.id,
    changes: { password: 'changed' },
    write: users.update(actor.id, user.revision, patch),
    revision: user.revision,
    also: [sessions.revokeOf(actor.id, now, actor.sessionId)],
  });
});
