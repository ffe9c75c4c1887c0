import { and, asc, count, desc, eq, getTableColumns, inArray, lt, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { GraphStatus } from '../../plynx/document/graph.schema';
import type { SearchOrder } from '../../plynx/document/search-string.rules';
import { graphs, users } from '../schema';
import { after, containsWord, equals, newestFirst, oneOf } from '../conditions';

export type GraphRow = typeof graphs.$inferSelect;
export type OwnedGraphRow = GraphRow & { owner: OwnerRow | null };

/** The owner of a graph or node as searches return it. */
export interface OwnerRow {
  id: string;
  name: string;
  active: boolean;
  createdAt: number;
  updatedAt: number;
}
export const OWNER = {
  id: users.id,
  name: users.name,
  active: users.active,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
};

export interface GraphFilter {
  owner?: string | undefined;
  ownerId?: string | undefined;
  statuses: string[];
  words: string[];
}

const COLUMNS = {
  insertion_date: graphs.createdAt,
  update_date: graphs.updatedAt,
  title: graphs.title,
  description: graphs.description,
  graph_running_status: graphs.status,
} as const;

const UNENDED: GraphStatus[] = ['READY', 'RUNNING', 'FAILED_WAITING'];
const ROW_ID = sql`${graphs}.rowid`;

/** Graphs without their documents, which are in R2 (storage/blobs.ts). */
export const createGraphQueries = (db: DrizzleD1Database) => {
  const matching = (filter: GraphFilter): SQL | undefined =>
    and(
      filter.owner === undefined ? undefined : sql`lower(${users.name}) = lower(${filter.owner})`,
      equals(graphs.ownerId, filter.ownerId),
      oneOf(graphs.status, filter.statuses),
      containsWord(graphs.words, filter.words),
    );
  return {
    get: (id: string): Promise<GraphRow | undefined> => db.select().from(graphs).where(eq(graphs.id, id)).get(),
    /** The same with its owner. */
    getOwned: (id: string): Promise<OwnedGraphRow | undefined> =>
      db
        .select({ ...getTableColumns(graphs), owner: OWNER })
        .from(graphs)
        .leftJoin(users, eq(users.id, graphs.ownerId))
        .where(eq(graphs.id, id))
        .get(),
    search: (
      filter: GraphFilter,
      { field, descending }: Pick<SearchOrder, 'field' | 'descending'>,
      page: { offset: number; limit: number },
    ): Promise<OwnedGraphRow[]> => {
      const direction = descending ? desc : asc;
      return (
        db
          .select({ ...getTableColumns(graphs), owner: OWNER })
          .from(graphs)
          .leftJoin(users, eq(users.id, graphs.ownerId))
          .where(matching(filter))
          // Equal titles: the older first. Equal times: the newer first.
          .orderBy(direction(COLUMNS[field]), field.endsWith('_date') ? desc(ROW_ID) : asc(ROW_ID))
          .limit(page.limit)
          .offset(page.offset)
      );
    },
    /** Newest first, from a position on. */
    list: (filter: GraphFilter, position: { at: number; id: string } | null, limit: number): Promise<OwnedGraphRow[]> =>
      db
        .select({ ...getTableColumns(graphs), owner: OWNER })
        .from(graphs)
        .leftJoin(users, eq(users.id, graphs.ownerId))
        .where(and(matching(filter), after(graphs.createdAt, graphs.id, position)))
        .orderBy(...newestFirst(graphs.createdAt, graphs.id))
        .limit(limit),
    count: async (filter: GraphFilter): Promise<number> =>
      (
        await db
          .select({ n: count() })
          .from(graphs)
          .leftJoin(users, eq(users.id, graphs.ownerId))
          .where(matching(filter))
          .get()
      )?.n ?? 0,
    /** Inserts a graph, or updates one of the same owner that is not approved yet; otherwise changes no row. */
    save: (row: typeof graphs.$inferInsert) =>
      db
        .insert(graphs)
        .values(row)
        .onConflictDoUpdate({
          target: graphs.id,
          set: {
            title: row.title,
            description: row.description,
            words: row.words,
            status: row.status,
            documentKey: row.documentKey,
            endpointId: row.endpointId ?? null,
            updatedAt: row.updatedAt,
            revision: sql`${graphs.revision} + 1`,
          },
          setWhere: sql`${graphs.ownerId} = ${row.ownerId} and ${graphs.status} = 'CREATED'`,
        }),
    /** Updates a graph; matches only at `revision`, and only before it is approved. */
    update: (id: string, revision: number, patch: Partial<typeof graphs.$inferInsert>) =>
      db
        .update(graphs)
        .set({ ...patch, revision: revision + 1 })
        .where(and(eq(graphs.id, id), eq(graphs.revision, revision), eq(graphs.status, 'CREATED'))),
    /** Moves a graph from one of these statuses to another; matches nothing when it has none of them. */
    setStatus: (id: string, from: GraphStatus[], to: GraphStatus, now: number) =>
      db
        .update(graphs)
        .set({ status: to, updatedAt: now })
        .where(and(eq(graphs.id, id), inArray(graphs.status, from))),
    /** Records that the run of a graph is alive. */
    touch: (id: string, now: number) =>
      db
        .update(graphs)
        .set({ updatedAt: now })
        .where(and(eq(graphs.id, id), inArray(graphs.status, UNENDED)))
        .run(),
    /** Resumes a run that has been silent since `before`, and counts it; false when it has reported in between. */
    noteResume: async (id: string, before: number, now: number): Promise<boolean> => {
      const { meta } = await db
        .update(graphs)
        .set({ updatedAt: now, resumes: sql`${graphs.resumes} + 1` })
        .where(and(eq(graphs.id, id), inArray(graphs.status, UNENDED), lt(graphs.updatedAt, before)))
        .run();
      return meta.changes === 1;
    },
    /** Hands the run of a graph from one part to the next; changes nothing when it has ended, or has been handed on already. */
    endPart: (id: string, part: number, now: number) =>
      db
        .update(graphs)
        .set({ part: part + 1, updatedAt: now })
        .where(and(eq(graphs.id, id), eq(graphs.part, part), inArray(graphs.status, UNENDED)))
        .run(),
    /** Returns approved graphs that have not ended and have no write since `before`. */
    silentSince: (before: number, limit: number): Promise<Pick<GraphRow, 'id' | 'status' | 'resumes' | 'part'>[]> =>
      db
        .select({ id: graphs.id, status: graphs.status, resumes: graphs.resumes, part: graphs.part })
        .from(graphs)
        .where(and(inArray(graphs.status, UNENDED), lt(graphs.updatedAt, before)))
        .orderBy(asc(graphs.updatedAt))
        .limit(limit),
    /** Returns the running graphs, oldest first. */
    running: (limit: number): Promise<GraphRow[]> =>
      db
        .select()
        .from(graphs)
        .where(inArray(graphs.status, ['RUNNING', 'FAILED_WAITING']))
        .orderBy(asc(graphs.createdAt))
        .limit(limit),
  };
};
