import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { keyTaken, reportCacheWrite } from './create-key';
import { findKey } from './get-key';
import { hashKey } from './hash-key';
import { generateKey, visiblePrefix } from './key-value.rules';
import type { Key, KeyWithValue, UpdateKeyInput } from './key.schema';
import { toKey } from './to-key';

/**
 * Changes a key, or replaces its value. The old value stops within the freshness of each isolate, whatever KV still says, because the
 * version grows with every replacement. The new value is in this answer only.
 */
export async function updateKey(
  ctx: Context,
  id: string,
  input: UpdateKeyInput,
  ifMatch: IfMatch,
): Promise<Key | KeyWithValue> {
  authorize(ctx, 'key.write');
  const key = await findKey(ctx, id);
  checkRevision(ifMatch, key.revision);
  const value = input.key === true ? generateKey() : input.key;
  const patch = {
    ...(input.alias === undefined ? {} : { alias: input.alias }),
    ...(input.active === undefined ? {} : { active: input.active }),
    ...(input.expiresAt === undefined
      ? {}
      : { expiresAt: input.expiresAt === null ? null : Date.parse(input.expiresAt) }),
    ...(value === undefined ? {} : { version: key.version + 1, prefix: visiblePrefix(value) }),
    updatedAt: ctx.now(),
  };
  const { updatedAt: _at, ...fields } = patch;
  const changes = diff(key, fields);
  if (isEmpty(changes)) return toKey(key);
  const entry = auditRow(ctx, value === undefined ? 'key.update' : 'key.replace', id, changes);
  const hash = value === undefined ? null : hashKey(ctx.settings, value);
  const oldHash = hash === null ? undefined : await ctx.store.keys.hashOf(id);
  expectDone(
    await ctx.store.commit(
      ctx.store.keys.update(id, key.revision, { ...patch, ...(hash === null ? {} : { hash }) }),
      entry,
    ),
    key.revision,
    keyTaken(),
  );
  if (hash !== null) {
    await ctx.store.keyCache.put(hash, { id, version: key.version + 1 }).catch(reportCacheWrite(ctx));
    if (oldHash !== undefined && oldHash !== hash)
      await ctx.store.keyCache.remove(oldHash).catch(reportCacheWrite(ctx));
  }
  ctx.memory.forget();
  const changed = toKey({ ...key, ...patch, revision: key.revision + 1 });
  return value === undefined ? changed : { ...changed, key: value };
}
