import { and, asc, eq, inArray, isNotNull, lt, lte, notInArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from '../commit';
import { discardedBlobs, graphNodeRuns, graphs, nodeCache, pinnedBlobs } from '../schema';

/** An expired graph, and the number of its nodes that have started. */
export interface OverdueGraph {
  id: string;
  nodeRuns: number;
}

/** A discarded object. `pinned`: stays for good. `shared`: the cache or another run still names it. `free`: can be deleted. */
export interface DueBlob {
  key: string;
  need: 'pinned' | 'shared' | 'free';
}

/** Selects graphs that ended before `before`. Their objects are checked from `checkAt` on. */
export interface Discard {
  ids: string[];
  before: number;
  checkAt: number;
  /** Prefix of the keys of files; runs name files without it. */
  filePrefix: string;
}

/** The values of a JSON list as one bound parameter, for any number of them. */
const listed = (values: string[]) => sql`(select value from json_each(${JSON.stringify(values)}))`;

/** Graphs made by a call that ended before `before`. A running graph never expires. */
const overdue = (before: number) =>
  and(
    isNotNull(graphs.endpointId),
    lt(graphs.createdAt, before),
    lt(graphs.updatedAt, before),
    notInArray(graphs.status, ['READY', 'RUNNING', 'FAILED_WAITING']),
  );

// As raw SQL: drizzle would omit the table names, and SQLite would resolve the columns to the inner query.
const NEED = sql<DueBlob['need']>`case
  when exists (select 1 from pinned_blobs as pin where pin.key = discarded_blobs.key) then 'pinned'
  when exists (select 1 from node_cache as cache
    where cache.graph_id = discarded_blobs.graph_id and cache.node_id = discarded_blobs.node_id) then 'shared'
  when exists (select 1 from graph_node_runs as run
    where run.source_graph_id = discarded_blobs.graph_id and run.source_node_id = discarded_blobs.node_id) then 'shared'
  else 'free' end`;

/** `check_at` of an object that is being removed: its next check is due at once. */
const CLAIMED = 0;

/**
 * Retention of the graphs of calls. Files are shared: a restored node names those of the run that made them. So a graph is deleted at once,
 * while its objects become `discarded_blobs`, each deleted when no cache entry, run or pin needs it.
 */
export const createGraphRetentionQueries = (db: DrizzleD1Database) => ({
  /** Returns expired graphs, the oldest first. */
  overdue: (before: number, limit: number): Promise<OverdueGraph[]> =>
    db
      .select({ id: graphs.id, nodeRuns: db.$count(graphNodeRuns, eq(graphNodeRuns.graphId, graphs.id)) })
      .from(graphs)
      .where(overdue(before))
      .orderBy(asc(graphs.createdAt))
      .limit(limit),
  /** Deletes those of these graphs that are expired, and records their objects in FILES. One batch: all or nothing. */
  discard: async ({ ids, before, checkAt, filePrefix }: Discard): Promise<void> => {
    const going = and(inArray(graphs.id, listed(ids)), overdue(before));
    const graphIds = db.select({ id: graphs.id }).from(graphs).where(going);
    const discardFiles = (column: typeof graphNodeRuns.outputs | typeof graphNodeRuns.logs) =>
      db
        .insert(discardedBlobs)
        .select(
          sql`select ${filePrefix} || file.value, graph_id, node_id, ${checkAt} from graph_node_runs, json_each(${column}) as file
              where graph_id in ${graphIds} and status <> 'RESTORED'`,
        )
        .onConflictDoNothing();
    await db.batch([
      db
        .insert(discardedBlobs)
        .select(sql`select document_key, null, null, ${checkAt} from graphs where ${going}`)
        .onConflictDoNothing(),
      discardFiles(graphNodeRuns.outputs),
      discardFiles(graphNodeRuns.logs),
      db.delete(graphNodeRuns).where(inArray(graphNodeRuns.graphId, graphIds)),
      db.delete(graphs).where(going),
    ]);
  },
  /**
   * Records the documents of the graphs that a handler publishes, of all its versions or of one, as objects to delete. Call it before the
   * versions are deleted.
   */
  discardPublished: (handlerId: string, checkAt: number, version: number | null) =>
    db
      .insert(discardedBlobs)
      .select(
        sql`select json_extract(artifact, '$.graph.documentKey') as key, null, null, ${checkAt} from handler_versions
            where handler_id = ${handlerId} and (${version} is null or version = ${version}) and key is not null`,
      )
      .onConflictDoNothing(),
  /** Deletes up to `limit` results that no run has used since `before`. Returns the count. */
  expireCache: async (before: number, limit: number): Promise<number> => {
    const unused = db.select({ hash: nodeCache.hash }).from(nodeCache).where(lt(nodeCache.usedAt, before)).limit(limit);
    return (await db.delete(nodeCache).where(inArray(nodeCache.hash, unused)).run()).meta.changes;
  },
  /** Returns discarded objects whose check is due, and their remaining users. */
  due: (now: number, limit: number): Promise<DueBlob[]> =>
    db
      .select({ key: discardedBlobs.key, need: NEED })
      .from(discardedBlobs)
      .where(lte(discardedBlobs.checkAt, now))
      .orderBy(asc(discardedBlobs.checkAt))
      .limit(limit),
  /** Claims those of these objects that nothing needs, and returns their keys: no document that is saved from now on can name them. */
  claim: async (keys: string[]): Promise<string[]> => {
    const claimed = await db
      .update(discardedBlobs)
      .set({ checkAt: CLAIMED })
      .where(and(inArray(discardedBlobs.key, listed(keys)), sql`${NEED} = 'free'`))
      .returning({ key: discardedBlobs.key });
    return claimed.map(({ key }) => key);
  },
  /** True while none of these objects is being removed, checked by the write that pins them. */
  noneClaimed: (keys: string[]): Precondition =>
    sql`not exists (select 1 from discarded_blobs where check_at = ${CLAIMED} and key in ${listed(keys)})`,
  /** Sets the next check of these objects. */
  postpone: (keys: string[], checkAt: number) =>
    db
      .update(discardedBlobs)
      .set({ checkAt })
      .where(inArray(discardedBlobs.key, listed(keys)))
      .run(),
  /** Removes these objects from the list, without deleting them. */
  forget: (keys: string[]) =>
    db
      .delete(discardedBlobs)
      .where(inArray(discardedBlobs.key, listed(keys)))
      .run(),
  /** Keeps these objects for good. Written together with the document that names them. */
  pin: (keys: string[]) =>
    db
      .insert(pinnedBlobs)
      .select(sql`select value from json_each(${JSON.stringify(keys)}) where true`)
      .onConflictDoNothing(),
});
