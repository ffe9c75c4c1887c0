import { and, asc, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { oneOf } from './conditions';
import type { Precondition } from './commit';
import { roles } from './schema';

export type RoleRow = typeof roles.$inferSelect;

/** Application roles. Rows of users, tokens, endpoints, tables and secrets hold them by name (uses.ts). */
export const createRoleQueries = (db: DrizzleD1Database) => ({
  get: (name: string) => db.select().from(roles).where(eq(roles.name, name)).get(),
  /** By name, unpaged: their number does not grow with the users. */
  list: (): Promise<RoleRow[]> => db.select().from(roles).orderBy(asc(roles.name)).all(),
  /** Returns those of `names` that are application roles. */
  existing: async (names: string[]): Promise<string[]> => {
    if (names.length === 0) return [];
    const rows = await db.select({ name: roles.name }).from(roles).where(oneOf(roles.name, names));
    return rows.map((row) => row.name);
  },
  /** True while all of `names` are application roles, checked by the write that names them. */
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
