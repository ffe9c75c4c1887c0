import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { expectDone } from '../../access/revision';
import { expectSession } from '../sessions/get-session';
import { limitAttempts } from '../sessions/limit-attempts';
import { noteAttempt } from '../sessions/note-attempt';
import { hashPassword, verifyPassword } from './password';
import type { ChangePasswordInput } from './user.schema';

/**
 * Changes the actor's own password and ends their other sessions. 422 when the old one is wrong, 429 after too many attempts: a stolen
 * access token is no way to guess a password.
 */
export async function changePassword(ctx: Context, input: ChangePasswordInput): Promise<void> {
  const actor = expectSession(ctx);
  await limitAttempts(ctx, `user ${actor.name}`);
  const { commit, users, sessions } = ctx.store;
  const user = await users.credentialsOf(actor.id);
  if (!user) throw notFound('user');
  if (!(await verifyPassword(input.password, user.passwordHash))) {
    noteAttempt(ctx, 'session.refuse', actor.name, { by: 'change of the password' });
    throw invalidField('password', 'wrong_password', 'is not your password');
  }
  const now = ctx.now();
  const patch = { passwordHash: await hashPassword(input.newPassword), updatedAt: now };
  const entry = auditRow(ctx, 'user.update', actor.id, { password: 'changed' });
  const others = sessions.revokeOf(actor.id, now, actor.sessionId);
  expectDone(await commit(users.update(actor.id, user.revision, patch), entry, [others]), user.revision);
  ctx.memory.forget();
}
