import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { diff, isEmpty } from '../../audit/diff.rules';
import { change } from '../../change/change';
import { fromIso } from '../../../kernel/clock';
import { defined } from '../../../kernel/defined';
import { keyTaken, reportCacheWrite } from './create-key';
import { findKey, toKey } from './get-key';
import { generateKey, visiblePrefix, hashKey } from './key-value.rules';
import type { Key, KeyWithValue, UpdateKeyInput } from './key.schema';

/**
 * Changes a key, or replaces its value. The old value stops working within `freshness` in each isolate, even if KV still has it, because
 * the version grows with every replacement. The new value is in this response only.
 */
export const updateKey = verb(
  'key.write',
  async (ctx, id: string, input: UpdateKeyInput, ifMatch: IfMatch): Promise<Key | KeyWithValue> => {
    const key = await findKey(ctx, id);
    checkRevision(ifMatch, key.revision);
    const value = input.key === true ? generateKey() : input.key;
    const replaced = value === undefined ? {} : { version: key.version + 1, prefix: visiblePrefix(value) };
    const { alias, active, expiresAt } = input;
    const fields = { ...defined({ alias, active, expiresAt: fromIso(expiresAt) }), ...replaced };
    const changes = diff(key, fields);
    if (isEmpty(changes)) return toKey(key);
    const patch = { ...fields, updatedAt: ctx.now() };
    const { keys, keyCache } = ctx.store;
    const hash = value === undefined ? null : hashKey(ctx.settings, value);
    const oldHash = hash === null ? undefined : await keys.hashOf(id);
    await change(ctx, {
      action: value === undefined ? 'key.update' : 'key.replace',
      id,
      changes,
      write: keys.update(id, key.revision, { ...patch, ...(hash === null ? {} : { hash }) }),
      revision: key.revision,
      taken: keyTaken(),
    });
    if (hash !== null) {
      await keyCache.put(hash, { id, version: key.version + 1 }).catch(reportCacheWrite(ctx));
      if (oldHash !== undefined && oldHash !== hash) await keyCache.remove(oldHash).catch(reportCacheWrite(ctx));
    }
    const changed = toKey({ ...key, ...patch, revision: key.revision + 1 });
    return value === undefined ? changed : { ...changed, key: value };
  },
);
