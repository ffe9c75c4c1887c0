import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { verb } from '../../access/verb';
import { isBuiltIn, toRole } from './role.rules';
import type { CreateRoleInput, Role } from './role.schema';

/** Makes an application role: a name that endpoint rules may require. Throws 409 `name_taken`, also for built-in names. */
export const createRole = verb('role.write', async (ctx, input: CreateRoleInput): Promise<Role> => {
  const taken = new ApiError('name_taken', `The role ${input.name} already exists.`);
  if (isBuiltIn(input.name)) throw taken;
  const row = { ...input, revision: 1, createdAt: ctx.now() };
  const role = toRole(row);
  await change(ctx, {
    action: 'role.create',
    id: row.name,
    changes: { description: row.description },
    write: ctx.store.roles.insert(row),
    answer: role,
    taken,
  });
  return role;
});
