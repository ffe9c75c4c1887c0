import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { findRole } from './get-role';
import { expectOwn } from './update-role';

/**
 * Deletes an application role. 409 `in_use` while a user, a token that stands, an endpoint, a table or a secret names it: a role that
 * comes back under the same name must not find people who still have it.
 */
export async function deleteRole(ctx: Context, name: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'role.write');
  const role = await findRole(ctx, name);
  expectOwn(role);
  checkRevision(ifMatch, role.revision);
  const { commit, roles, uses } = ctx.store;
  const used = { noun: 'role', name } as const;
  const entry = auditRow(ctx, 'role.delete', name);
  const result = await commit(roles.remove(name, role.revision), entry, [], [uses.none(used, false)]);
  if (result.type === 'unmet') throw await inUse(ctx, used, false, 'Take it from them first.');
  expectDone(result, role.revision);
}
