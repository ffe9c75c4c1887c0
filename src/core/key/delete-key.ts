import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { Fault } from '../errors';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from '../user/can';
import { reportCacheFailure } from './create-key';
import { findKey } from './get-key';

/**
 * Deletes a key. 409 `key_in_use` while an endpoint accepts it; with `force` it goes all the same, and an endpoint left without a key
 * stays closed: its level does not change.
 */
export async function deleteKey(ctx: Context, id: string, force: boolean, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'key.write');
  const key = await findKey(ctx, id);
  checkRevision(ifMatch, key.revision);
  const { keys, keyCache } = ctx.store;
  const hash = await keys.hashOf(id);
  const entry = auditRow(ctx, 'key.delete', id, { alias: key.alias, force });
  const result = await ctx.store.commit(
    keys.revoke(id, key.revision, ctx.now(), force),
    entry,
    force ? [keys.unbind(id)] : [],
  );
  if (result.type === 'stale') {
    const paths = await keys.endpointPaths(id);
    if (paths.length > 0) {
      throw new Fault(
        'key_in_use',
        `Endpoints accept this key: ${paths.join(', ')}. Take it from them, or delete with ?force=true.`,
      );
    }
  }
  expectDone(result, key.revision);
  if (hash !== undefined) await keyCache.remove(hash).catch(reportCacheFailure);
  ctx.memory.forget();
}
