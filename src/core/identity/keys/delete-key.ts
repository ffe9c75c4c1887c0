import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { reportCacheWrite } from './create-key';
import { findKey } from './get-key';

const ADVICE = 'Remove the key from them, or delete it with ?force=true: they stay closed.';

/**
 * Deletes a key. Throws 409 `in_use` while an endpoint accepts it, unless `force`. An endpoint without another key stays closed: its access
 * level does not change.
 */
export const deleteKey = verb('key.write', async (ctx, id: string, force: boolean, ifMatch: IfMatch): Promise<void> => {
  const key = await findKey(ctx, id);
  checkRevision(ifMatch, key.revision);
  const { keys, keyCache } = ctx.store;
  const hashes = await keys.hashesOf(id);
  await change(ctx, {
    action: 'key.delete',
    id,
    changes: { alias: key.alias, force },
    write: keys.revoke(id, key.revision, ctx.now()),
    revision: key.revision,
    also: force ? [keys.unbind(id)] : [],
    unused: { used: { noun: 'key', id }, force, advice: ADVICE },
  });
  for (const hash of hashes) await keyCache.remove(hash).catch(reportCacheWrite(ctx));
});
