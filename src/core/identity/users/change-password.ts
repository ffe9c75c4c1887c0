import { change } from '../../change/change';
import { verb } from '../../access/verb';
import { requireSession } from '../sessions/get-session';
import { requirePassword } from './own-password';
import { hashPassword } from './password';
import type { ChangePasswordInput } from './user.schema';

/** Changes the actor's own password and ends their other sessions. 422 when the old one is wrong, 429 after too many attempts. */
export const changePassword = verb('session.own', async (ctx, input: ChangePasswordInput): Promise<void> => {
  const actor = requireSession(ctx);
  const { users, sessions } = ctx.store;
  const user = await requirePassword(ctx, input.password, 'change of the password');
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
