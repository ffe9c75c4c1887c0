import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { keepAnswer } from '../../idempotency/keep-answer';
import { newId } from '../../../kernel/ids';
import { expectDone } from '../../access/revision';
import { expectRoles } from '../roles/expect-roles';
import { authorize } from '../../access/permissions';
import { hashPassword } from './password';
import { toUser } from './to-user';
import type { CreateUserInput, User } from './user.schema';

export const nameTaken = (): ApiError => new ApiError('name_taken', 'Somebody has this name already. Choose another.');

/** A new user. 409 `name_taken`; 422 when a role does not exist. */
export async function createUser(ctx: Context, input: CreateUserInput): Promise<User> {
  authorize(ctx, 'user.write');
  const { password, ...fields } = input;
  const preconditions = await expectRoles(ctx, fields.roles);
  const now = ctx.now();
  const row = { id: newId('usr', now), ...fields, revision: 1, createdAt: now, updatedAt: now };
  const insert = ctx.store.users.insert({ ...row, passwordHash: await hashPassword(password) });
  const entry = auditRow(ctx, 'user.create', row.id, fields);
  const user = toUser(row);
  expectDone(await ctx.store.commit(insert, entry, keepAnswer(ctx, user), preconditions), 0, nameTaken());
  return user;
}
