import { and, eq, isNull, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { after, newestFirst } from './conditions';
import { endpointKeys, keys } from './schema';

const PUBLIC = {
  id: keys.id,
  alias: keys.alias,
  prefix: keys.prefix,
  active: keys.active,
  expiresAt: keys.expiresAt,
  version: keys.version,
  revision: keys.revision,
  createdAt: keys.createdAt,
  updatedAt: keys.updatedAt,
  createdBy: keys.createdBy,
};
export type KeyRow = Omit<typeof keys.$inferSelect, 'hash' | 'revokedAt'>;

/** API keys in D1, the authority. Queries match the hash and never select it, except to move its KV entry. */
export const createKeyQueries = (db: DrizzleD1Database) => ({
  get: (id: string): Promise<KeyRow | undefined> =>
    db
      .select(PUBLIC)
      .from(keys)
      .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
      .get(),
  list: (position: { at: number; id: string } | null, limit: number): Promise<KeyRow[]> =>
    db
      .select(PUBLIC)
      .from(keys)
      .where(and(isNull(keys.revokedAt), after(keys.createdAt, keys.id, position)))
      .orderBy(...newestFirst(keys.createdAt, keys.id))
      .limit(limit),
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
  /** Returns the hash of the KV entry to drop when the value changes. */
  hashOf: async (id: string): Promise<string | undefined> =>
    (await db.select({ hash: keys.hash }).from(keys).where(eq(keys.id, id)).get())?.hash,
  /** Returns the owner of a key from the authority. Deleted keys are unknown. */
  byHash: (hash: string) =>
    db
      .select({ id: keys.id, version: keys.version, active: keys.active, expiresAt: keys.expiresAt })
      .from(keys)
      .where(and(eq(keys.hash, hash), isNull(keys.revokedAt)))
      .get(),
});
