import type { KeyConditions, KeyRow } from '../../../storage/keys';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { fillDefaults } from '../../../kernel/fields';
import { KEY_SETTINGS, type Key, type KeyFilter, type ListKeysQuery } from './key.schema';
import { fromIso, toIso } from '../../../kernel/clock';

/** Returns a key as the API shows it at `now`, without value and hash. */
export function toKey(row: KeyRow, now: number): Key {
  const { version: _version, previousUntil, previousUsedAt, ...shown } = row;
  return {
    ...shown,
    ...fillDefaults(KEY_SETTINGS, row),
    expiresAt: isoOrNull(row.expiresAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
    previous:
      previousUntil !== null && now < previousUntil
        ? { until: toIso(previousUntil), lastUsedAt: isoOrNull(previousUsedAt) }
        : null,
    createdAt: toIso(row.createdAt),
    updatedAt: toIso(row.updatedAt),
  };
}

const isoOrNull = (time: number | null): string | null => (time === null ? null : toIso(time));

/** Returns the stored key, for verbs; throws 404 when it does not exist or was deleted. */
export async function findKey(ctx: Context, id: string): Promise<KeyRow> {
  const row = await ctx.store.keys.get(id);
  if (!row) throw notFound('key');
  return row;
}

export const getKey = verb('key.read', async (ctx, id: string): Promise<Key> =>
  toKey(await findKey(ctx, id), ctx.now()),
);

/** Returns what the store compares, for a filter at `now`. */
export const toKeyConditions = (
  { unusedSince, expiresAfter, expiresBefore, hasDailyQuota, ...filter }: KeyFilter,
  now: number,
): KeyConditions => ({
  ...filter,
  unusedSince: fromIso(unusedSince),
  expiresAfter: fromIso(expiresAfter),
  expiresBefore: fromIso(expiresBefore),
  hasDailyQuota: hasDailyQuota !== undefined,
  now,
});

/** Returns a page of keys, newest first. */
export const listKeys = verb('key.read', async (ctx, query: ListKeysQuery): Promise<Page<Key>> => {
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.keys.list(toKeyConditions(filter, ctx.now()), readCursor(cursor), limit + 1);
  return toPage(
    rows,
    limit,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    (row) => toKey(row, ctx.now()),
  );
});
