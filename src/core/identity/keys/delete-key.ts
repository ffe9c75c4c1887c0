import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { reportCacheWrite } from './create-key';
import { findKey } from './get-key';

const ADVICE = 'Take it from them, or delete with ?force=true: they stay closed.';

/**
 * Deletes a key. 409 `in_use` while an endpoint accepts it; with `force` it goes all the same, and an endpoint left without a key
 * stays closed: its level does not change.
 */
export async function deleteKey(ctx: Context, id: string, force: boolean, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'key.write');
  const key = await findKey(ctx, id);
  checkRevision(ifMatch, key.revision);
  const { keys, keyCache, uses, commit } = ctx.store;
  const used = { noun: 'key', id } as const;
  const hash = await keys.hashOf(id);
  const entry = auditRow(ctx, 'key.delete', id, { alias: key.alias, force });
  const following = force ? [keys.unbind(id)] : [];
  const result = await commit(keys.revoke(id, key.revision, ctx.now()), entry, following, [uses.none(used, force)]);
  if (result.type === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  expectDone(result, key.revision);
  if (hash !== undefined) await keyCache.remove(hash).catch(reportCacheWrite(ctx));
  ctx.memory.forget();
}
