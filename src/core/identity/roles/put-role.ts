import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { invalidField } from '../../../kernel/issues';
import { createRole } from './create-role';
import { findRoleIfAny } from './get-role';
import type { Role } from './role.schema';
import { updateRole } from './update-role';

/** Returns the role of this name, or null. */
export const getRoleIfAny = verb('role.read', async (ctx, name: string): Promise<Role | null> =>
  findRoleIfAny(ctx, name),
);

/** Creates a role, or gives it exactly these settings. Writes nothing when they are as they were. Throws 403 for a built-in role. */
export const putRole = verb(
  'role.write',
  async (
    ctx,
    name: string,
    input: { name?: string | undefined; description: string },
    ifMatch: IfMatch,
  ): Promise<Role> => {
    if (input.name !== undefined && input.name !== name)
      throw invalidField('name', 'contradiction', 'must be the name of the URL: a role cannot be renamed');
    if (await findRoleIfAny(ctx, name)) return updateRole(ctx, name, { description: input.description }, ifMatch);
    checkRevision(ifMatch, 0);
    return createRole(ctx, { ...input, name });
  },
);
