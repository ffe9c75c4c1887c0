import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { after, newestFirst } from './conditions';
import { users } from './schema';

const PUBLIC = {
  id: users.id,
  name: users.name,
  active: users.active,
  roles: users.roles,
  revision: users.revision,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
};
export type UserRow = Omit<typeof users.$inferSelect, 'passwordHash'>;
type UserPatch = Partial<typeof users.$inferInsert>;

const holdsAdmin = sql`exists (select 1 from json_each(${users.roles}) where value = 'admin')`;

/** Users. Only `credentials` and `credentialsOf` return a password hash. */
export const createUserQueries = (db: DrizzleD1Database) => ({
  /** Finds by id, or else by name in any case. */
  find: (idOrName: string): Promise<UserRow | undefined> =>
    db
      .select(PUBLIC)
      .from(users)
      .where(sql`${users.id} = ${idOrName} or lower(${users.name}) = lower(${idOrName})`)
      .orderBy(sql`${users.id} = ${idOrName} desc`)
      .limit(1)
      .get(),
  get: (id: string): Promise<UserRow | undefined> => db.select(PUBLIC).from(users).where(eq(users.id, id)).get(),
  /** Returns the names of users by their ids. */
  namesOf: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`);
    return new Map(rows.map(({ id, name }) => [id, name]));
  },
  /** Finds by name in any case. */
  credentials: (name: string) =>
    db
      .select({ ...PUBLIC, passwordHash: users.passwordHash })
      .from(users)
      .where(sql`lower(${users.name}) = lower(${name})`)
      .get(),
  credentialsOf: (id: string) =>
    db
      .select({ ...PUBLIC, passwordHash: users.passwordHash })
      .from(users)
      .where(eq(users.id, id))
      .get(),
  list: (position: { at: number; id: string } | null, limit: number): Promise<UserRow[]> =>
    db
      .select(PUBLIC)
      .from(users)
      .where(after(users.createdAt, users.id, position))
      .orderBy(...newestFirst(users.createdAt, users.id))
      .limit(limit),
  exists: (id: string): Precondition => sql`exists (select 1 from ${users} where ${users.id} = ${id})`,
  insert: (row: typeof users.$inferInsert) => db.insert(users).values(row),
  /** Inserts only while no admin exists: the statement decides, so two bootstraps cannot both win. */
  insertFirstAdmin: (row: typeof users.$inferInsert) =>
    db.insert(users).select(
      sql`select ${row.id}, ${row.name}, ${row.passwordHash}, 1, ${JSON.stringify(row.roles)}, 1, ${row.createdAt}, ${row.updatedAt}
          where not exists (select 1 from ${users} where ${holdsAdmin})`,
    ),
  /** Returns true when an admin exists, active or not. */
  hasAdmin: async (): Promise<boolean> =>
    (await db.select({ id: users.id }).from(users).where(holdsAdmin).limit(1).get()) !== undefined,
  /** Matches only at `revision`, and only if an active admin remains. */
  update: (id: string, revision: number, patch: UserPatch) =>
    db
      .update(users)
      .set({ ...patch, revision: revision + 1 })
      .where(
        and(eq(users.id, id), eq(users.revision, revision), staysAdmin(patch) ? undefined : anotherAdminOrNone(id)),
      ),
  /** Matches only at `revision`, and only if an active admin remains. */
  remove: (id: string, revision: number) =>
    db.delete(users).where(and(eq(users.id, id), eq(users.revision, revision), anotherAdminOrNone(id))),
});

/** Returns false when the patch makes its user cease to be an active admin. */
const staysAdmin = (patch: UserPatch): boolean =>
  patch.active !== false && (patch.roles === undefined || patch.roles.includes('admin'));

/** True when the row is not an active admin, or another active admin exists. */
const anotherAdminOrNone = (id: string) =>
  sql`(not (${users.active} = 1 and ${holdsAdmin}) or exists (
    select 1 from users as other
    where other.id <> ${id} and other.active = 1 and exists (select 1 from json_each(other.roles) where value = 'admin')))`;
