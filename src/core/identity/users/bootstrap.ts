import { asSystem } from '../../access/actor';
import { change } from '../../change/change';
import { verb } from '../../access/verb';
import type { Context } from '../../access/context';
import { ApiError, notFound } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { limitAttempts } from '../sessions/limit-attempts';
import { noteAttempt } from '../sessions/note-attempt';
import { BEARER } from '../../access/permissions';
import { nameTaken } from './create-user';
import { hashPassword } from './password';
import { toUser } from './get-user';
import type { BootstrapInput, User } from './user.schema';
import { isSameSecret } from '../../../kernel/signed';

/**
 * Creates the first admin. The credential is the secret BOOTSTRAP_TOKEN: throws 404 when the service has none, 401 for another one, 409
 * `already_bootstrapped` once an admin exists, which one SQL statement decides.
 */
export const bootstrap = verb(
  'public',
  async (ctx, credential: string | null, input: BootstrapInput): Promise<User> => {
    await assertBootstrapToken(ctx, credential);
    const done = new ApiError('already_bootstrapped', 'An admin already exists. Sign in as an admin to create users.');
    // Spares the password's 150 ms of CPU; the statement below decides.
    if (await ctx.store.users.hasAdmin()) throw done;
    const now = ctx.now();
    const row = {
      id: newId('usr', now),
      name: input.name,
      active: true,
      roles: ['admin'],
      revision: 1,
      createdAt: now,
      updatedAt: now,
    };
    const insert = ctx.store.users.insertFirstAdmin({ ...row, passwordHash: await hashPassword(input.password) });
    await change(asSystem(ctx), {
      action: 'user.bootstrap',
      id: row.id,
      changes: { name: row.name, roles: row.roles },
      write: insert,
      taken: nameTaken(),
      explain: ({ kind: type }) => (type === 'stale' ? done : undefined),
    });
    return toUser(row);
  },
);

async function assertBootstrapToken(ctx: Context, given: string | null): Promise<void> {
  const expected = ctx.settings.bootstrapToken;
  if (expected === null) throw notFound('page');
  if (given === null)
    throw new ApiError('auth_required', 'Send the bootstrap token: Authorization: Bearer <BOOTSTRAP_TOKEN>.', {
      headers: BEARER,
    });
  await limitAttempts(ctx, 'bootstrap');
  if (!isSameSecret(expected, given)) {
    noteAttempt(ctx, 'session.refuse', null, { by: 'bootstrap token' });
    throw new ApiError('invalid_token', 'The bootstrap token is wrong.', { headers: BEARER });
  }
}
