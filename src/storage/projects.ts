import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Kind } from '../core/projects/documents/documents';
import type { Write } from './commit';
import { endpoints, handlers, keys, projectObjects, projects, roles, secrets, tables } from './schema';

export type ProjectRow = typeof projects.$inferSelect;
export type BaseRow = typeof projectObjects.$inferSelect;

export interface ObjectName {
  kind: Kind;
  id: string;
  identity: string;
}

/** Definitions with their ids and identities, in the order of `KINDS`. Endpoints are found by their ids. */
const OBJECTS: { kind: Kind; rows: SQL }[] = [
  { kind: 'role', rows: sql`select name as id, name as identity from ${roles}` },
  { kind: 'table', rows: sql`select id, ${tables.schema} || '.' || ${tables.name} as identity from ${tables}` },
  { kind: 'secret', rows: sql`select name as id, name as identity from ${secrets}` },
  { kind: 'key', rows: sql`select id, id as identity from ${keys} where ${keys.revokedAt} is null` },
  { kind: 'handler', rows: sql`select id, path as identity from ${handlers}` },
  { kind: 'endpoint', rows: sql`select id, path as identity from ${endpoints}` },
];

/** Projects, and the objects that each last pushed. */
export const createProjectQueries = (db: DrizzleD1Database) => ({
  get: (name: string) => db.select().from(projects).where(eq(projects.name, name)).get(),
  /** By name, unpaged: a service has a few. */
  list: (limit: number): Promise<ProjectRow[]> => db.select().from(projects).orderBy(asc(projects.name)).limit(limit),
  bases: (project: string): Promise<BaseRow[]> =>
    db.select().from(projectObjects).where(eq(projectObjects.project, project)),
  /**
   * Lists the definitions of this service after a position (index of the kind, id), by kind and id. A handler whose source no version has is
   * none.
   */
  objectsAfter: async (position: { at: number; id: string } | null, limit: number): Promise<ObjectName[]> => {
    const found: ObjectName[] = [];
    for (const [at, { kind, rows }] of OBJECTS.entries()) {
      if (position !== null && at < position.at) continue;
      const after = position?.at === at ? position.id : '';
      const left = limit - found.length;
      if (left === 0) break;
      const of = await db.all<{ id: string; identity: string }>(
        sql`select id, identity from (${rows}) where id > ${after} order by id limit ${left}`,
      );
      found.push(...of.map(({ id, identity }) => ({ kind, id, identity })));
    }
    return found;
  },
  /** Adds a project at generation 0, unless it exists: the first push then counts from there. */
  ensure: (name: string, createdAt: number) =>
    db.insert(projects).values({ name, generation: 0, createdAt }).onConflictDoNothing(),
  /** Matches only while the project is at `generation`. */
  advance: (name: string, generation: number, pushed: Pick<ProjectRow, 'lastCommit' | 'pushedAt' | 'pushedBy'>) =>
    db
      .update(projects)
      .set({ ...pushed, generation: generation + 1 })
      .where(and(eq(projects.name, name), eq(projects.generation, generation))),
  putBase: (row: BaseRow) =>
    db
      .insert(projectObjects)
      .values(row)
      .onConflictDoUpdate({
        target: [projectObjects.project, projectObjects.kind, projectObjects.identity],
        set: { objectId: row.objectId, sha256: row.sha256, document: row.document, at: row.at },
      }),
  removeBase: (project: string, kind: Kind, identity: string) =>
    db
      .delete(projectObjects)
      .where(
        and(eq(projectObjects.project, project), eq(projectObjects.kind, kind), eq(projectObjects.identity, identity)),
      ),
  /** Executes writes of bases alone: what a project remembers, which changes no object. */
  remember: async (writes: Write[]): Promise<void> => {
    const [first, ...rest] = writes;
    if (first) await db.batch([first, ...rest]);
  },
});
