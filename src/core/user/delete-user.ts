import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { Fault } from '../errors';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from './can';
import { findUser } from './get-user';
import { lastAdmin } from './update-user';

/**
 * Deletes a user and ends their sessions. 409 `in_use` while an endpoint runs as them, 409 `last_admin`; the statement itself decides
 * both, so that two admins cannot delete each other.
 */
export async function deleteUser(ctx: Context, id: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'user.write');
  const user = await findUser(ctx, id);
  checkRevision(ifMatch, user.revision);
  const { commit, users, sessions } = ctx.store;
  const entry = auditRow(ctx, 'user.delete', id, { name: user.name });
  const result = await commit(users.remove(id, user.revision), entry, [sessions.revokeOf(id, ctx.now())]);
  if (result.type === 'stale' && (await users.get(id))?.revision === user.revision) {
    if (!(await users.isExecutor(id))) throw lastAdmin();
    throw new Fault(
      'in_use',
      'Endpoints run as this user. Give them another executor, or deactivate the user instead.',
    );
  }
  expectDone(result, user.revision);
  ctx.memory.forget();
}
