import { and, desc, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Mentions } from '../core/code/mention.rules';
import type { SortedPosition } from '../kernel/page';
import type { Precondition } from './commit';
import { after, newestFirst, equals } from './conditions';
import { handlerVersions, handlers } from './schema';
import { bytesOfVersion, packVersion, unpackVersion } from './version-code';

export type HandlerRow = typeof handlers.$inferSelect;
export type HandlerVersionRow = Omit<typeof handlerVersions.$inferSelect, 'source' | 'artifact' | 'files'> & {
  form: string;
};

/** A folder of handlers, with the / at its end and the number of handlers in it; or a handler. */
export interface HandlerEntry {
  path: string;
  isHandler: boolean;
  count: number;
}

/** Selects the handlers below a folder: a range of paths, which the index has in a row. */
const isUnder = (folder: string): SQL | undefined =>
  // 0 is the character after /.
  folder === '' ? undefined : and(gte(handlers.path, folder), lt(handlers.path, `${folder.slice(0, -1)}0`));

const VERSION = {
  handlerId: handlerVersions.handlerId,
  version: handlerVersions.version,
  note: handlerVersions.note,
  createdAt: handlerVersions.createdAt,
  createdBy: handlerVersions.createdBy,
  form: sql<string>`json_extract(${handlerVersions.artifact}, '$.form')`,
};

/** Handlers and their versions. Only queries for one version read source and artifact: each can be a megabyte. */
export const createHandlerQueries = (db: DrizzleD1Database) => ({
  get: (id: string) => db.select().from(handlers).where(eq(handlers.id, id)).get(),
  byPath: (path: string) => db.select().from(handlers).where(eq(handlers.path, path)).get(),
  list: (
    filter: { path?: string | undefined; prefix?: string | undefined },
    position: { at: number; id: string } | null,
    limit: number,
  ) =>
    db
      .select()
      .from(handlers)
      .where(
        and(
          equals(handlers.path, filter.path),
          // Not LIKE: its wildcards would need escaping, and D1 caps its pattern at 50 bytes. SQLite counts characters, not UTF-16 units.
          filter.prefix === undefined
            ? undefined
            : sql`substr(${handlers.path}, 1, ${[...filter.prefix].length}) = ${filter.prefix}`,
          after(handlers.createdAt, handlers.id, position),
        ),
      )
      .orderBy(...newestFirst(handlers.createdAt, handlers.id))
      .limit(limit),
  /** Returns the handlers below a folder, at any depth, by path. `folder` ends with a /; empty: all handlers. */
  under: (folder: string, limit: number): Promise<HandlerRow[]> =>
    db.select().from(handlers).where(isUnder(folder)).orderBy(handlers.path).limit(limit),
  /** Returns what is directly in a folder: folders with their number of handlers, then handlers, each by path. */
  entries: async (folder: string, after: SortedPosition | null, limit: number): Promise<HandlerEntry[]> => {
    // SQLite counts characters, not UTF-16 units.
    const chars = [...folder].length;
    const position =
      after === null ? sql`true` : sql`(isHandler, path) > (${Number(after.id === 'handler')}, ${after.value})`;
    const rows = await db.all<{ path: string; isHandler: number; count: number }>(
      sql`select path, isHandler, count(*) as count from (
          select slash = 0 as isHandler, case slash when 0 then path else substr(path, 1, ${chars} + slash) end as path
          from (select ${handlers.path} as path, instr(substr(${handlers.path}, ${chars} + 1), '/') as slash
            from ${handlers} where ${isUnder(folder) ?? sql`true`}))
        where ${position} group by isHandler, path order by isHandler, path limit ${limit}`,
    );
    return rows.map((row) => ({ ...row, isHandler: row.isHandler === 1 }));
  },
  /** Returns the handlers at these paths. */
  atPaths: (paths: string[]): Promise<HandlerRow[]> =>
    db
      .select()
      .from(handlers)
      .where(sql`${handlers.path} in (select value from json_each(${JSON.stringify(paths)}))`),
  exists: (id: string): Precondition => sql`exists (select 1 from ${handlers} where ${handlers.id} = ${id})`,
  versionExists: (id: string, version: number): Precondition =>
    sql`exists (select 1 from ${handlerVersions} where ${handlerVersions.handlerId} = ${id} and ${handlerVersions.version} = ${version})`,
  /** True while all of `paths` are paths of handlers, checked by the write that names them. */
  allExist: (paths: string[]): Precondition =>
    sql`not exists (select 1 from json_each(${JSON.stringify(paths)}) where value not in (select path from ${handlers}))`,
  /** Returns those of `paths` that no handler has. */
  absent: async (paths: string[]): Promise<string[]> => {
    const rows = await db.all<{ value: string }>(
      sql`select value from json_each(${JSON.stringify(paths)}) where value not in (select ${handlers.path} from ${handlers})`,
    );
    return rows.map(({ value }) => value);
  },
  insert: (row: typeof handlers.$inferInsert) => db.insert(handlers).values(row),
  insertVersion: (row: typeof handlerVersions.$inferInsert) => db.insert(handlerVersions).values(packVersion(row)),
  /** Returns the bytes that a version has in its row. */
  bytesOfVersion,
  update: (id: string, revision: number, patch: Partial<typeof handlers.$inferInsert>) =>
    db
      .update(handlers)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(handlers.id, id), eq(handlers.revision, revision))),
  /** Call it after versions were inserted: their primary key keeps two writers from creating the same one. */
  setLatest: (id: string, latestVersion: number, updatedAt: number) =>
    db
      .update(handlers)
      .set({ latestVersion, updatedAt, revision: sql`${handlers.revision} + 1` })
      .where(eq(handlers.id, id)),
  remove: (id: string, revision: number) =>
    db.delete(handlers).where(and(eq(handlers.id, id), eq(handlers.revision, revision))),
  removeVersion: (id: string, version: number) =>
    db.delete(handlerVersions).where(and(eq(handlerVersions.handlerId, id), eq(handlerVersions.version, version))),
  removeVersions: (id: string) => db.delete(handlerVersions).where(eq(handlerVersions.handlerId, id)),
  /** Returns the calls of those of these handlers that are workflows, in the served version or else the latest. */
  callsOf: async (paths: string[]): Promise<{ path: string; calls: string[] }[]> => {
    const rows = await db
      .select({
        path: handlers.path,
        calls: sql<string | null>`json_extract(${handlerVersions.artifact}, '$.workflow.calls')`,
      })
      .from(handlers)
      .innerJoin(
        handlerVersions,
        and(
          eq(handlerVersions.handlerId, handlers.id),
          sql`${handlerVersions.version} = coalesce(${handlers.defaultVersion}, ${handlers.latestVersion})`,
        ),
      )
      .where(sql`${handlers.path} in (select value from json_each(${JSON.stringify(paths)}))`);
    return rows.map(({ path, calls }) => ({ path, calls: JSON.parse(calls ?? '[]') as string[] }));
  },
  /** Returns the names that a version uses, without its code; undefined when the version does not exist. */
  mentions: async (handlerId: string, version: number): Promise<(Mentions & { calls: string[] }) | undefined> => {
    const row = await db
      .select({
        mentions: sql<string | null>`json_extract(${handlerVersions.artifact}, '$.mentions')`,
        calls: sql<string | null>`json_extract(${handlerVersions.artifact}, '$.workflow.calls')`,
      })
      .from(handlerVersions)
      .where(and(eq(handlerVersions.handlerId, handlerId), eq(handlerVersions.version, version)))
      .get();
    if (!row) return undefined;
    const none: Mentions = { tables: [], hosts: [], secrets: [] };
    const mentions = row.mentions === null ? none : (JSON.parse(row.mentions) as Mentions);
    return { ...mentions, calls: JSON.parse(row.calls ?? '[]') as string[] };
  },
  hasVersion: async (id: string, version: number): Promise<boolean> =>
    (await db
      .select({ version: handlerVersions.version })
      .from(handlerVersions)
      .where(and(eq(handlerVersions.handlerId, id), eq(handlerVersions.version, version)))
      .get()) !== undefined,
  version: async (handlerId: string, version: number): Promise<typeof handlerVersions.$inferSelect | undefined> => {
    const row = await db
      .select()
      .from(handlerVersions)
      .where(and(eq(handlerVersions.handlerId, handlerId), eq(handlerVersions.version, version)))
      .get();
    return row && unpackVersion(row);
  },
  versions: (handlerId: string, below: number, limit: number): Promise<HandlerVersionRow[]> =>
    db
      .select(VERSION)
      .from(handlerVersions)
      .where(and(eq(handlerVersions.handlerId, handlerId), lt(handlerVersions.version, below)))
      .orderBy(desc(handlerVersions.version))
      .limit(limit),
});
