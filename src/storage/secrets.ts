import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { after, newestFirst } from './conditions';
import { secrets } from './schema';

const PUBLIC = {
  name: secrets.name,
  description: secrets.description,
  roles: secrets.roles,
  version: secrets.version,
  createdAt: secrets.createdAt,
  updatedAt: secrets.updatedAt,
};
export type SecretRow = Omit<typeof secrets.$inferSelect, 'iv' | 'ciphertext'>;

/** Secrets, encrypted. Ciphertext leaves only with an endpoint's definition (storage/definitions.ts). */
export const createSecretQueries = (db: DrizzleD1Database) => ({
  get: (name: string): Promise<SecretRow | undefined> =>
    db.select(PUBLIC).from(secrets).where(eq(secrets.name, name)).get(),
  list: (position: { at: number; id: string } | null, limit: number): Promise<SecretRow[]> =>
    db
      .select(PUBLIC)
      .from(secrets)
      .where(after(secrets.createdAt, secrets.name, position))
      .orderBy(...newestFirst(secrets.createdAt, secrets.name))
      .limit(limit),
  /** Returns the secrets of these names. */
  named: (names: string[]): Promise<SecretRow[]> =>
    db
      .select(PUBLIC)
      .from(secrets)
      .where(sql`${secrets.name} in (select value from json_each(${JSON.stringify(names)}))`),
  /** Changes what is stored beside the value, while the secret is at `version`. */
  describe: (name: string, version: number, patch: Pick<SecretRow, 'description' | 'roles' | 'updatedAt'>) =>
    db
      .update(secrets)
      .set(patch)
      .where(and(eq(secrets.name, name), eq(secrets.version, version))),
  insert: (row: typeof secrets.$inferInsert) => db.insert(secrets).values(row),
  /** Matches only while the secret is at `version`. */
  replace: (name: string, version: number, row: typeof secrets.$inferInsert) =>
    db
      .update(secrets)
      .set(row)
      .where(and(eq(secrets.name, name), eq(secrets.version, version))),
  remove: (name: string, version: number) =>
    db.delete(secrets).where(and(eq(secrets.name, name), eq(secrets.version, version))),
  /** True while all of `names` exist, checked by the write that names them. */
  allExist: (names: string[]): Precondition =>
    sql`not exists (select 1 from json_each(${JSON.stringify(names)}) where value not in (select name from ${secrets}))`,
  /** Returns those of `names` that a user with only these roles may not use. */
  closedTo: async (names: string[], roles: string[]): Promise<string[]> => {
    if (roles.includes('admin')) return [];
    const rows = await db
      .select({ name: secrets.name })
      .from(secrets)
      .where(
        sql`${secrets.name} in (select value from json_each(${JSON.stringify(names)})) and json_array_length(${secrets.roles}) > 0
          and not exists (select 1 from json_each(${secrets.roles}) where value in (select value from json_each(${JSON.stringify(roles)})))`,
      );
    return rows.map(({ name }) => name);
  },
  /** Returns those of these names that exist. */
  known: async (names: string[]): Promise<Set<string>> =>
    new Set(
      (
        await db
          .select({ name: secrets.name })
          .from(secrets)
          .where(sql`${secrets.name} in (select value from json_each(${JSON.stringify(names)}))`)
      ).map((row) => row.name),
    ),
});
