import { and, eq, gt, isNull, lt, lte, not, or, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { after, anyContains, isBetween, newestFirst } from './conditions';
import { endpointKeys, keys } from './schema';

const PUBLIC = {
  id: keys.id,
  alias: keys.alias,
  prefix: keys.prefix,
  active: keys.active,
  expiresAt: keys.expiresAt,
  version: keys.version,
  scopes: keys.scopes,
  roles: keys.roles,
  addresses: keys.addresses,
  quota: keys.quota,
  previousUntil: keys.previousUntil,
  lastUsedAt: keys.lastUsedAt,
  previousUsedAt: keys.previousUsedAt,
  revision: keys.revision,
  createdAt: keys.createdAt,
  updatedAt: keys.updatedAt,
  createdBy: keys.createdBy,
};
export type KeyRow = Omit<typeof keys.$inferSelect, 'hash' | 'previousHash' | 'revokedAt'>;

/** Which keys to list. Times in Unix milliseconds. */
export interface KeyConditions {
  q?: string | undefined;
  state?: 'valid' | 'off' | 'expired' | undefined;
  /** Neither created nor used at or after this time. */
  unusedSince?: number | undefined;
  expiresAfter?: number | undefined;
  expiresBefore?: number | undefined;
  hasDailyQuota?: boolean;
  /** The time that decides what is expired. */
  now: number;
}

const STATES = {
  valid: (now: number) => and(keys.active, or(isNull(keys.expiresAt), gt(keys.expiresAt, now))),
  off: () => not(keys.active),
  expired: (now: number) => and(keys.active, lte(keys.expiresAt, now)),
};

const matches = ({
  q,
  state,
  unusedSince,
  expiresAfter,
  expiresBefore,
  hasDailyQuota,
  now,
}: KeyConditions): SQL | undefined =>
  and(
    isNull(keys.revokedAt),
    anyContains([keys.alias, keys.prefix], q),
    state && STATES[state](now),
    isBetween(keys.expiresAt, expiresAfter, expiresBefore),
    hasDailyQuota ? sql`${keys.quota}->>'$.perDay' is not null` : undefined,
    unusedSince === undefined ? undefined : lt(keys.createdAt, unusedSince),
    unusedSince === undefined ? undefined : or(isNull(keys.lastUsedAt), lt(keys.lastUsedAt, unusedSince)),
  );

/** API keys in D1, the authority. Queries match the hash and never select it, except to move its KV entry. */
export const createKeyQueries = (db: DrizzleD1Database) => ({
  get: (id: string): Promise<KeyRow | undefined> =>
    db
      .select(PUBLIC)
      .from(keys)
      .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
      .get(),
  list: (conditions: KeyConditions, position: { at: number; id: string } | null, limit: number): Promise<KeyRow[]> =>
    db
      .select(PUBLIC)
      .from(keys)
      .where(and(matches(conditions), after(keys.createdAt, keys.id, position)))
      .orderBy(...newestFirst(keys.createdAt, keys.id))
      .limit(limit),
  /** Returns the ids of those that a list with these conditions has, newest first. */
  idsOf: async (conditions: KeyConditions, limit: number): Promise<string[]> =>
    (
      await db
        .select({ id: keys.id })
        .from(keys)
        .where(matches(conditions))
        .orderBy(...newestFirst(keys.createdAt, keys.id))
        .limit(limit)
    ).map(({ id }) => id),
  /** Returns the keys with these aliases, which several may share, or with these ids. */
  named: (aliasesOrIds: string[]): Promise<KeyRow[]> => {
    const wanted = sql`(select value from json_each(${JSON.stringify(aliasesOrIds)}))`;
    return db
      .select(PUBLIC)
      .from(keys)
      .where(and(isNull(keys.revokedAt), sql`(${keys.alias} in ${wanted} or ${keys.id} in ${wanted})`));
  },
  /** True while all of `ids` are keys and not deleted, checked by the write that names them. */
  allExist: (ids: string[]): Precondition =>
    sql`not exists (select 1 from json_each(${JSON.stringify(ids)}) as named
      where not exists (select 1 from ${keys} where ${keys.id} = named.value and ${keys.revokedAt} is null))`,
  insert: (row: typeof keys.$inferInsert) => db.insert(keys).values(row),
  update: (id: string, revision: number, patch: Partial<typeof keys.$inferInsert>) =>
    db
      .update(keys)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(keys.id, id), eq(keys.revision, revision), isNull(keys.revokedAt))),
  /** Marks the key as deleted. The hash stays, so its value is never issued again. */
  revoke: (id: string, revision: number, now: number) =>
    db
      .update(keys)
      .set({ revokedAt: now, active: false, updatedAt: now, revision: revision + 1 })
      .where(and(eq(keys.id, id), eq(keys.revision, revision), isNull(keys.revokedAt))),
  unbind: (id: string) => db.delete(endpointKeys).where(eq(endpointKeys.keyId, id)),
  /** True while the hash is not that of a value of another key before its last replacement. */
  isUnused: (hash: string, id = ''): Precondition =>
    sql`not exists (select 1 from ${keys} where ${keys.previousHash} = ${hash} and ${keys.id} <> ${id})`,
  isPrevious: async (hash: string): Promise<boolean> =>
    (await db.select({ id: keys.id }).from(keys).where(eq(keys.previousHash, hash)).get()) !== undefined,
  /** Returns the hashes of the KV entries to drop when the value changes: of the value, and of the one before it. */
  hashesOf: async (id: string): Promise<string[]> => {
    const row = await db
      .select({ hash: keys.hash, previous: keys.previousHash })
      .from(keys)
      .where(eq(keys.id, id))
      .get();
    return row === undefined ? [] : row.previous === null ? [row.hash] : [row.hash, row.previous];
  },
  /** Returns the owner of a value from the authority, with the version of that value. Deleted keys are unknown. */
  byHash: (hash: string, now: number) =>
    db
      .select({
        id: keys.id,
        version: sql<number>`${keys.version} - (${keys.hash} <> ${hash})`.as('version_'),
        active: keys.active,
        expiresAt: keys.expiresAt,
      })
      .from(keys)
      .where(
        and(
          or(eq(keys.hash, hash), and(eq(keys.previousHash, hash), gt(keys.previousUntil, now))),
          isNull(keys.revokedAt),
        ),
      )
      .orderBy(sql`${keys.hash} <> ${hash}`)
      .limit(1)
      .get(),
  /** Notes a use, unless one after `since` is noted. `isPrevious`: of the replaced value. No part of the key's revision. */
  noteUse: async (id: string, isPrevious: boolean, now: number, since: number): Promise<void> => {
    const column = isPrevious ? keys.previousUsedAt : keys.lastUsedAt;
    await db
      .update(keys)
      .set(isPrevious ? { previousUsedAt: now } : { lastUsedAt: now })
      .where(and(eq(keys.id, id), or(isNull(column), lte(column, since))))
      .run();
  },
});
