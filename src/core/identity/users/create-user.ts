import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { assertRolesExist } from '../roles/assert-roles';
import { verb } from '../../access/verb';
import { hashPassword } from './password';
import { toUser } from './get-user';
import type { CreateUserInput, User } from './user.schema';

export const nameTaken = (): ApiError =>
  new ApiError('name_taken', 'A user with this name already exists. Choose another.');

/** Creates a user. Throws 409 `name_taken`, and 422 for an unknown role. */
export const createUser = verb('user.write', async (ctx, input: CreateUserInput): Promise<User> => {
  const { password, ...fields } = input;
  const requires = await assertRolesExist(ctx, fields.roles);
  const now = ctx.now();
  const row = { id: newId('usr', now), ...fields, revision: 1, createdAt: now, updatedAt: now };
  const user = toUser(row);
  await change(ctx, {
    action: 'user.create',
    id: row.id,
    changes: fields,
    write: ctx.store.users.insert({ ...row, passwordHash: await hashPassword(password) }),
    requires,
    answer: user,
    taken: nameTaken(),
  });
  return user;
});
