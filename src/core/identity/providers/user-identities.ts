import { toIso } from '../../../kernel/clock';
import { ApiError, notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { verb } from '../../access/verb';
import { change, tryChange } from '../../change/change';
import { findUser } from '../users/get-user';
import type { UserIdentity, UserIdentityInput } from './provider.schema';

/** Identities of a user that a list has at most. */
const MAX_LISTED = 100;

/** Lists the accounts with which a user signs in, by provider; at most 100. */
export const listIdentities = verb('user.read', async (ctx, id: string): Promise<{ items: UserIdentity[] }> => {
  await findUser(ctx, id);
  const rows = await ctx.store.signIn.identities(id, MAX_LISTED);
  return {
    items: rows.map(({ provider, subject, createdAt }) => ({ provider, subject, createdAt: toIso(createdAt) })),
  };
});

/** Lets a user sign in with an account of a provider. Throws 409 `name_taken` where the account is that of a user already. */
export const addIdentity = verb(
  'user.write',
  async (ctx, id: string, { provider, subject }: UserIdentityInput): Promise<UserIdentity> => {
    await findUser(ctx, id);
    if (!(await ctx.store.signIn.provider(provider)))
      throw invalidField('provider', 'unknown_provider', `unknown provider ${provider}`);
    const row = { provider, subject, userId: id, createdAt: ctx.now() };
    const identity = { provider, subject, createdAt: toIso(row.createdAt) };
    await change(ctx, {
      action: 'user.link',
      id,
      changes: { provider, subject },
      write: ctx.store.signIn.insertIdentity(row),
      requires: [ctx.store.users.exists(id)],
      answer: identity,
      taken: new ApiError('name_taken', 'A user signs in with this account already. Delete that identity first.'),
    });
    return identity;
  },
);

/** Takes an account from a user. Their sessions end, because they may have signed in with it. Throws 404. */
export const removeIdentity = verb(
  'user.write',
  async (ctx, id: string, { provider, subject }: UserIdentityInput): Promise<void> => {
    const removed = await tryChange(ctx, {
      action: 'user.unlink',
      id,
      changes: { provider, subject },
      write: ctx.store.signIn.removeIdentity(id, provider, subject),
      also: [ctx.store.sessions.revokeOf(id, ctx.now())],
    });
    if (!removed) throw notFound('identity');
  },
);
