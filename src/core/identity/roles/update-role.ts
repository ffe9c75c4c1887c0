import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { findRole } from './get-role';
import type { Role, UpdateRoleInput } from './role.schema';

/** Changes the description of an application role. 403 for a built-in one. */
export async function updateRole(ctx: Context, name: string, input: UpdateRoleInput, ifMatch: IfMatch): Promise<Role> {
  authorize(ctx, 'role.write');
  const role = await findRole(ctx, name);
  expectOwn(role);
  checkRevision(ifMatch, role.revision);
  const { description = role.description } = input;
  const changes = diff(role, { description });
  if (isEmpty(changes)) return role;
  const entry = auditRow(ctx, 'role.update', name, changes);
  expectDone(await ctx.store.commit(ctx.store.roles.update(name, role.revision, description), entry), role.revision);
  return { ...role, description, revision: role.revision + 1 };
}

/** Throws 403 for what is part of Portico itself. */
export function expectOwn(role: Role): void {
  if (role.builtIn) throw new ApiError('forbidden', `${role.name} is a built-in role, which nobody can change.`);
}
