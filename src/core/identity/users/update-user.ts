import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { expectRoles } from '../roles/expect-roles';
import { authorize } from '../../access/permissions';
import { nameTaken } from './create-user';
import { findUser } from './get-user';
import { hashPassword } from './password';
import { toUser } from './to-user';
import type { UpdateUserInput, User } from './user.schema';

export const lastAdmin = (): ApiError =>
  new ApiError('last_admin', 'This is the last active admin. Make somebody else an admin first.');

/**
 * Changes a user. A new password and `active: false` end their sessions, in the same batch. 409 `last_admin`, decided by the statement
 * itself; 409 `name_taken`; 422 when a role does not exist.
 */
export async function updateUser(ctx: Context, id: string, input: UpdateUserInput, ifMatch: IfMatch): Promise<User> {
  authorize(ctx, 'user.write');
  const user = await findUser(ctx, id);
  checkRevision(ifMatch, user.revision);
  const preconditions = await expectRoles(ctx, input.roles ?? []);
  const now = ctx.now();
  const fields = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.roles === undefined ? {} : { roles: input.roles }),
    ...(input.active === undefined ? {} : { active: input.active }),
  };
  const secret = input.password === undefined ? {} : { passwordHash: await hashPassword(input.password) };
  const { commit, users, sessions } = ctx.store;
  const changes = { ...diff(user, fields), ...(input.password === undefined ? {} : { password: 'changed' }) };
  if (isEmpty(changes)) return toUser(user);
  const result = await commit(
    users.update(id, user.revision, { ...fields, ...secret, updatedAt: now }),
    auditRow(ctx, 'user.update', id, changes),
    input.password !== undefined || input.active === false ? [sessions.revokeOf(id, now)] : [],
    preconditions,
  );
  if (result.type === 'stale' && (await users.get(id))?.revision === user.revision) throw lastAdmin();
  expectDone(result, user.revision, nameTaken());
  ctx.memory.forget();
  return toUser({ ...user, ...fields, revision: user.revision + 1, updatedAt: now });
}
