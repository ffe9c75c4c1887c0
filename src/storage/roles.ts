import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { roles } from './schema';

export type RoleRow = typeof roles.$inferSelect;

/** Application roles. Who has one is a name in the rows of users, tokens, endpoints, tables and secrets (uses.ts). */
export const createRoleQueries = (db: DrizzleD1Database) => ({
  get: (name: string) => db.select().from(roles).where(eq(roles.name, name)).get(),
  /** By name: there are as many as somebody thought of, not as many as there are people. */
  list: (): Promise<RoleRow[]> => db.select().from(roles).orderBy(asc(roles.name)).all(),
  /** Those of `names` that are application roles. */
  existing: async (names: string[]): Promise<string[]> => {
    if (names.length === 0) return [];
    const rows = await db.select({ name: roles.name }).from(roles).where(inArray(roles.name, names));
    return rows.map((row) => row.name);
  },
  /** All of `names` are application roles, when the write is made that names them. */
  allExist: (names: string[]): Precondition =>
    sql`not exists (select 1 from json_each(${JSON.stringify(names)}) where value not in (select name from ${roles}))`,
  insert: (row: typeof roles.$inferInsert) => db.insert(roles).values(row),
  update: (name: string, revision: number, description: string) =>
    db
      .update(roles)
      .set({ description, revision: revision + 1 })
      .where(and(eq(roles.name, name), eq(roles.revision, revision))),
  remove: (name: string, revision: number) =>
    db.delete(roles).where(and(eq(roles.name, name), eq(roles.revision, revision))),
});
