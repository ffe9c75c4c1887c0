import { change } from '../../change/change';
import type { Change } from '../../change/wanted-change';
import type { UserRow } from '../../../storage/users';
import type { Context } from '../../access/context';
import { defined } from '../../../kernel/defined';
import { diff, isEmpty } from '../../audit/diff.rules';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, type IfMatch } from '../../access/revision';
import { assertRolesExist } from '../roles/assert-roles';
import { verb } from '../../access/verb';
import { nameTaken } from './create-user';
import { findUser, toUser } from './get-user';
import { hashPassword } from './password';
import type { UpdateUserInput, User } from './user.schema';

/** Explains a change of `user` that the database refused although the row is unchanged: it would leave no admin. */
export const ifLastAdmin =
  ({ store }: Pick<Context, 'store'>, user: UserRow): NonNullable<Change['explain']> =>
  async ({ kind: type }) =>
    type === 'stale' && (await store.users.get(user.id))?.revision === user.revision
      ? new ApiError('last_admin', 'This is the last active admin. Make another user an admin first.')
      : undefined;

/**
 * Changes a user. A new password and `active: false` end their sessions, in the same batch. Throws 409 `last_admin`, decided by the
 * statement itself, 409 `name_taken`, and 422 for an unknown role.
 */
export const updateUser = verb(
  'user.write',
  async (ctx, id: string, input: UpdateUserInput, ifMatch: IfMatch): Promise<User> => {
    const user = await findUser(ctx, id);
    checkRevision(ifMatch, user.revision);
    const { name, roles, active, password } = input;
    const requires = await assertRolesExist(ctx, roles ?? []);
    const now = ctx.now();
    const fields = defined({ name, roles, active });
    const secret = password === undefined ? {} : { passwordHash: await hashPassword(password) };
    const changes = { ...diff(user, fields), ...(password === undefined ? {} : { password: 'changed' }) };
    if (isEmpty(changes)) return toUser(user);
    const { users, sessions } = ctx.store;
    await change(ctx, {
      action: 'user.update',
      id,
      changes,
      write: users.update(id, user.revision, { ...fields, ...secret, updatedAt: now }),
      revision: user.revision,
      also: password !== undefined || active === false ? [sessions.revokeOf(id, now)] : [],
      requires,
      taken: nameTaken(),
      explain: ifLastAdmin(ctx, user),
    });
    return toUser({ ...user, ...fields, revision: user.revision + 1, updatedAt: now });
  },
);
