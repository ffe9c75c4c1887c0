import { change } from '../../change/change';
import { diff, isEmpty } from '../../audit/diff.rules';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { findRole } from './get-role';
import type { Role, UpdateRoleInput } from './role.schema';

/** Changes the description of an application role. Throws 403 for a built-in one. */
export const updateRole = verb(
  'role.write',
  async (ctx, name: string, input: UpdateRoleInput, ifMatch: IfMatch): Promise<Role> => {
    const role = await findRole(ctx, name);
    assertNotBuiltIn(role);
    checkRevision(ifMatch, role.revision);
    const { description = role.description } = input;
    const changes = diff(role, { description });
    if (isEmpty(changes)) return role;
    await change(ctx, {
      action: 'role.update',
      id: name,
      changes,
      write: ctx.store.roles.update(name, role.revision, description),
      revision: role.revision,
    });
    return { ...role, description, revision: role.revision + 1 };
  },
);

/** Throws 403 for a built-in role. */
export function assertNotBuiltIn(role: Role): void {
  if (role.builtIn) throw new ApiError('forbidden', `${role.name} is a built-in role and cannot be changed.`);
}
