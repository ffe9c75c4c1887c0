import { notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import type { UserRow } from '../../../storage/users';
import type { Context } from '../../access/context';
import { requireSession } from '../sessions/get-session';
import { limitAttempts } from '../sessions/limit-attempts';
import { noteAttempt } from '../sessions/note-attempt';
import { verifyPassword } from './password';

/**
 * Asks for the password of the signed-in user again, and returns that user. 422 when it is wrong, 429 after too many attempts: a stolen access
 * token cannot be used to guess a password. `purpose` stands in the audit trail.
 */
export async function requirePassword(ctx: Context, password: string, purpose: string): Promise<UserRow> {
  const actor = requireSession(ctx);
  const refundAttempt = await limitAttempts(ctx, `user ${actor.name}`);
  const user = await ctx.store.users.credentialsOf(actor.id);
  if (!user) throw notFound('user');
  if (!(await verifyPassword(password, user.passwordHash))) {
    noteAttempt(ctx, 'session.refuse', actor.name, { by: purpose });
    throw invalidField('password', 'wrong_password', 'is not your password');
  }
  await refundAttempt();
  return user;
}
