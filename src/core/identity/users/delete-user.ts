import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { findUser } from './get-user';
import { lastAdmin } from './update-user';

const ADVICE =
  'Give endpoints another executor; tokens, graphs and nodes are overridden by ?force=true. Or deactivate the user instead.';

/**
 * Deletes a user and ends their sessions. 409 `in_use` while an endpoint runs as them, or tokens, graphs or nodes are theirs; `force`
 * overrides the latter: graphs and nodes stay as they are for good, tokens go on to open endpoints and manage none. 409 `last_admin`;
 * the statement itself decides it, so that two admins cannot delete each other.
 */
export async function deleteUser(ctx: Context, id: string, force: boolean, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'user.write');
  const user = await findUser(ctx, id);
  checkRevision(ifMatch, user.revision);
  const { commit, users, sessions, uses } = ctx.store;
  const used = { noun: 'user', id } as const;
  const entry = auditRow(ctx, 'user.delete', id, { name: user.name, force });
  const ended = sessions.revokeOf(id, ctx.now());
  const result = await commit(users.remove(id, user.revision), entry, [ended], [uses.none(used, force)]);
  if (result.type === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  if (result.type === 'stale' && (await users.get(id))?.revision === user.revision) throw lastAdmin();
  expectDone(result, user.revision);
  ctx.memory.forget();
}
