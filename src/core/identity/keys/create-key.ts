import type { CommitResult } from '../../../storage/commit';
import { fromIso } from '../../../kernel/clock';
import type { Context } from '../../access/context';
import { actorLabel } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { createLogger } from '../../../kernel/logger';
import { newId } from '../../../kernel/ids';
import { generateKey, visiblePrefix, hashKey } from './key-value.rules';
import { applyChanges } from '../../../kernel/fields';
import { assertRolesExist } from '../roles/assert-roles';
import { KEY_SETTINGS, type CreateKeyInput, type KeyWithValue } from './key.schema';
import { toKey } from './get-key';

export const keyTaken = (): ApiError =>
  new ApiError('key_taken', 'This value is, or has been, in use as a key. Choose another.');

/** Explains a commit that failed because the value was another key's before its last replacement. */
export const explainTaken =
  ({ store }: Pick<Context, 'store'>, hash: string) =>
  async ({ kind }: CommitResult): Promise<ApiError | undefined> =>
    kind === 'unmet' && (await store.keys.isPrevious(hash)) ? keyTaken() : undefined;

/**
 * Creates a key; its value is in this response only. Writes D1 first, then KV: a key that KV does not have yet is found in D1. Throws 409
 * `key_taken` for a custom value that is, or has been, in use.
 */
export const createKey = verb('key.write', async (ctx, input: CreateKeyInput): Promise<KeyWithValue> => {
  const value = input.key ?? generateKey();
  const hash = hashKey(ctx.settings, value);
  const rolesExist = await assertRolesExist(ctx, input.roles);
  const now = ctx.now();
  const row = {
    id: newId('key', now),
    ...applyChanges(KEY_SETTINGS, input, {}),
    prefix: visiblePrefix(value),
    expiresAt: fromIso(input.expiresAt),
    version: 1,
    previousUntil: null,
    lastUsedAt: null,
    previousUsedAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: actorLabel(ctx.actor),
  };
  const created = { ...toKey(row, now), key: value };
  await change(ctx, {
    action: 'key.create',
    id: row.id,
    changes: { ...applyChanges(KEY_SETTINGS, input, {}), expiresAt: input.expiresAt },
    write: ctx.store.keys.insert({ ...row, hash }),
    requires: [...rolesExist, ctx.store.keys.isUnused(hash)],
    answer: created,
    taken: keyTaken(),
    explain: explainTaken(ctx, hash),
  });
  await ctx.store.keyCache.put(hash, { id: row.id, version: row.version }).catch(reportCacheWrite(ctx));
  return created;
});

const log = createLogger('keys');

/** Logs a failure of KV, which only costs later calls a read of D1: the change is committed. */
export const reportCacheWrite =
  (ctx: Pick<Context, 'requestId'>) =>
  (error: unknown): void =>
    log.for(ctx).warn('the key cache does not answer', { event: 'key.cache.write_failed', error });
