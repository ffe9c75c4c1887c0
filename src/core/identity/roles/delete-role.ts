import { change } from '../../change/change';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { findRole } from './get-role';
import { assertNotBuiltIn } from './update-role';

/**
 * Deletes an application role. 409 `in_use` while a user, an active token, an endpoint, a table or a secret names it: a role that
 * comes back under the same name must not find people who still have it.
 */
export const deleteRole = verb('role.write', async (ctx, name: string, ifMatch: IfMatch): Promise<void> => {
  const role = await findRole(ctx, name);
  assertNotBuiltIn(role);
  checkRevision(ifMatch, role.revision);
  await change(ctx, {
    action: 'role.delete',
    id: name,
    write: ctx.store.roles.remove(name, role.revision),
    revision: role.revision,
    unused: { used: { noun: 'role', name }, force: false, advice: 'Remove the role from them first.' },
  });
});
