import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { endpoints, roles, secrets, tables, tokens, users } from './schema';

export type RoleRow = typeof roles.$inferSelect;

/** Application roles. Who has one is a name in the rows of users, tokens, endpoints, tables and secrets. */
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
  allStand: (names: string[]): Precondition =>
    sql`not exists (select 1 from json_each(${JSON.stringify(names)}) where value not in (select name from ${roles}))`,
  insert: (row: typeof roles.$inferInsert) => db.insert(roles).values(row),
  update: (name: string, revision: number, description: string) =>
    db
      .update(roles)
      .set({ description, revision: revision + 1 })
      .where(and(eq(roles.name, name), eq(roles.revision, revision))),
  /** Matches only while no user, standing token, endpoint, table or secret names the role. */
  remove: (name: string, revision: number) =>
    db.delete(roles).where(and(eq(roles.name, name), eq(roles.revision, revision), sql`not ${inUse(name)}`)),
});

const inUse = (name: string) => sql`(
  exists (select 1 from ${users}, json_each(${users.roles}) where value = ${name})
  or exists (select 1 from ${tokens}, json_each(${tokens.roles}) where value = ${name} and ${tokens.revokedAt} is null)
  or exists (select 1 from ${endpoints}, json_each(${endpoints.rules}, '$.roles.of') where value = ${name})
  or exists (select 1 from ${tables}, json_each(${tables.read}) where value = ${name})
  or exists (select 1 from ${tables}, json_each(${tables.write}) where value = ${name})
  or exists (select 1 from ${secrets}, json_each(${secrets.roles}) where value = ${name}))`;
