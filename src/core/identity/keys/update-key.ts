import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { diff, isEmpty } from '../../audit/diff.rules';
import { change } from '../../change/change';
import { fromIso } from '../../../kernel/clock';
import { defined } from '../../../kernel/defined';
import { applyChanges, fillDefaults } from '../../../kernel/fields';
import type { KeyRow } from '../../../storage/keys';
import { assertRolesExist } from '../roles/assert-roles';
import { explainTaken, keyTaken, reportCacheWrite } from './create-key';
import { findKey, toKey } from './get-key';
import { generateKey, visiblePrefix, hashKey } from './key-value.rules';
import { KEY_SETTINGS, type Key, type KeyWithValue, type UpdateKeyInput } from './key.schema';

/**
 * Changes a key, or replaces its value. The old value continues to work for `graceSeconds`; then, or at once without them, it stops working
 * within `freshness` in each isolate, even if KV still has it, because the version grows with every replacement. Of two replacements within
 * a grace only the last value and the one before it work. The new value is in this response only.
 */
export const updateKey = verb(
  'key.write',
  async (ctx, id: string, input: UpdateKeyInput, ifMatch: IfMatch): Promise<Key | KeyWithValue> => {
    const key = await findKey(ctx, id);
    checkRevision(ifMatch, key.revision);
    const value = input.key === true ? generateKey() : input.key;
    const replaced =
      value === undefined
        ? { previousUntil: key.previousUntil }
        : replace(key, value, input.graceSeconds ?? 0, ctx.now());
    const { key: _key, graceSeconds: _grace, expiresAt, ...settings } = input;
    const before = { ...key, ...fillDefaults(KEY_SETTINGS, key) };
    const fields = {
      ...applyChanges(KEY_SETTINGS, before, settings),
      ...defined({ expiresAt: fromIso(expiresAt) }),
      ...replaced,
    };
    const changes = diff(before, fields);
    if (isEmpty(changes)) return toKey(key, ctx.now());
    const rolesExist = await assertRolesExist(ctx, input.roles ?? []);
    const patch = { ...fields, ...(value === undefined ? {} : usesAfter(key, replaced)), updatedAt: ctx.now() };
    const { keys, keyCache } = ctx.store;
    const hash = value === undefined ? null : hashKey(ctx.settings, value);
    const [oldHash, olderHash] = hash === null ? [] : await keys.hashesOf(id);
    const previousHash = replaced.previousUntil === null ? null : oldHash!;
    await change(ctx, {
      action: value === undefined ? 'key.update' : 'key.replace',
      id,
      changes,
      write: keys.update(id, key.revision, { ...patch, ...(hash === null ? {} : { hash, previousHash }) }),
      revision: key.revision,
      requires: [...rolesExist, ...(hash === null ? [] : [keys.isUnused(hash, id)])],
      taken: keyTaken(),
      ...(hash === null ? {} : { explain: explainTaken(ctx, hash) }),
    });
    if (hash !== null) {
      await keyCache.put(hash, { id, version: key.version + 1 }).catch(reportCacheWrite(ctx));
      for (const old of [oldHash, olderHash])
        if (old !== undefined && old !== hash && old !== previousHash)
          await keyCache.remove(old).catch(reportCacheWrite(ctx));
    }
    const changed = toKey({ ...key, ...patch, revision: key.revision + 1 }, ctx.now());
    return value === undefined ? changed : { ...changed, key: value };
  },
);

/** Returns the columns that a new value changes, besides the hashes. */
const replace = (key: KeyRow, value: string, graceSeconds: number, now: number) => ({
  version: key.version + 1,
  prefix: visiblePrefix(value),
  previousUntil: graceSeconds === 0 ? null : now + graceSeconds * 1000,
});

/** Returns the notes of use after a replacement. Not in the audit trail. */
const usesAfter = ({ lastUsedAt }: KeyRow, { previousUntil }: { previousUntil: number | null }) => ({
  previousUsedAt: previousUntil === null ? null : lastUsedAt,
  lastUsedAt: null,
});
