import { and, asc, eq } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Kind } from '../core/projects/documents/documents';
import type { Write } from './commit';
import { projectObjects, projects } from './schema';

export type ProjectRow = typeof projects.$inferSelect;
export type BaseRow = typeof projectObjects.$inferSelect;

/** Projects, and the objects that each last pushed. */
export const createProjectQueries = (db: DrizzleD1Database) => ({
  get: (name: string) => db.select().from(projects).where(eq(projects.name, name)).get(),
  /** By name, unpaged: a service has a few. */
  list: (limit: number): Promise<ProjectRow[]> => db.select().from(projects).orderBy(asc(projects.name)).limit(limit),
  bases: (project: string): Promise<BaseRow[]> =>
    db.select().from(projectObjects).where(eq(projectObjects.project, project)),
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
