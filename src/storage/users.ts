import { and, eq, ne, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst } from './page';
import { endpoints, roles, sessions, users } from './schema';

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

const holdsAdmin = sql`exists (select 1 from json_each(${users.roles}) where value = 'admin')`;

/** People, the application roles they may have, and their sign-ins. A password hash leaves only through `credentials`. */
export const createUserQueries = (db: DrizzleD1Database) => ({
  get: (id: string) => db.select(PUBLIC).from(users).where(eq(users.id, id)).get(),
  credentials: (name: string) =>
    db
      .select({ ...PUBLIC, passwordHash: users.passwordHash })
      .from(users)
      .where(sql`lower(${users.name}) = lower(${name})`)
      .get(),
  list: (position: { at: number; id: string } | null, limit: number) =>
    db
      .select(PUBLIC)
      .from(users)
      .where(after(users.createdAt, users.id, position))
      .orderBy(...newestFirst(users.createdAt, users.id))
      .limit(limit),
  insert: (row: typeof users.$inferInsert) => db.insert(users).values(row),
  /** Inserts only while there is no admin at all: the statement decides, so two bootstraps cannot both win. */
  insertFirstAdmin: (row: typeof users.$inferInsert) =>
    db.insert(users).select(
      sql`select ${row.id}, ${row.name}, ${row.passwordHash}, 1, ${JSON.stringify(row.roles)}, 1, ${row.createdAt}, ${row.updatedAt}
          where not exists (select 1 from ${users} where ${holdsAdmin})`,
    ),
  /** Matches only at `revision`, and only if an active admin is left afterwards. */
  update: (id: string, revision: number, patch: Partial<typeof users.$inferInsert>) =>
    db
      .update(users)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(users.id, id), eq(users.revision, revision), otherAdmin(db, id, staysAdmin(patch)))),
  remove: (id: string, revision: number) =>
    db.delete(users).where(and(eq(users.id, id), eq(users.revision, revision), otherAdmin(db, id, false))),
  /** Deactivated people cannot refresh; their sessions end with them. */
  revokeSessions: (userId: string, now: number) =>
    db
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.userId, userId), sql`${sessions.revokedAt} is null`)),
  isLastAdmin: async (id: string): Promise<boolean> => {
    const other = await db
      .select({ id: users.id })
      .from(users)
      .where(and(holdsAdmin, eq(users.active, true), ne(users.id, id)))
      .limit(1)
      .get();
    return other === undefined;
  },
  isExecutor: async (id: string): Promise<boolean> =>
    (await db.select({ id: endpoints.id }).from(endpoints).where(eq(endpoints.executorId, id)).limit(1).get()) !==
    undefined,

  roles: () => db.select().from(roles).orderBy(roles.name),
  role: (name: string) => db.select().from(roles).where(eq(roles.name, name)).get(),
  insertRole: (row: typeof roles.$inferInsert) => db.insert(roles).values(row),
  updateRole: (name: string, description: string) => db.update(roles).set({ description }).where(eq(roles.name, name)),
  removeRole: (name: string) => db.delete(roles).where(eq(roles.name, name)),
});

const staysAdmin = (patch: Partial<typeof users.$inferInsert>): boolean =>
  patch.active !== false && (patch.roles === undefined || patch.roles.includes('admin'));

/** True when the row is no admin, stays one, or somebody else is an active one. */
const otherAdmin = (db: DrizzleD1Database, id: string, stays: boolean) =>
  stays
    ? undefined
    : sql`(not ${holdsAdmin} or exists (${db
        .select({ one: sql`1` })
        .from(sql`users as other`)
        .where(
          sql`other.id <> ${id} and other.active = 1 and exists (select 1 from json_each(other.roles) where value = 'admin')`,
        )}))`;
