import { and, asc, eq, inArray, isNotNull, lt, lte, notInArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { discardedBlobs, graphNodeRuns, graphs, nodeCache, pinnedBlobs } from '../schema';

/** A graph that is over its time, and how many of its nodes have started. */
export interface OverdueGraph {
  id: string;
  nodeRuns: number;
}

/** A discarded object. `pinned`: it stays for good. `shared`: the cache or another run names it for now. `free`: nothing does. */
export interface DueBlob {
  key: string;
  need: 'pinned' | 'shared' | 'free';
}

/** What may go: graphs that ended before `before`. Their objects are looked at from `checkAt` on. */
export interface Discard {
  ids: string[];
  before: number;
  checkAt: number;
  /** What keys of files begin with; runs name files without it. */
  filePrefix: string;
}

/** The values of a JSON list: one bound parameter, however many they are. */
const listed = (values: string[]) => sql`(select value from json_each(${JSON.stringify(values)}))`;

/** Made by a call, and ended before `before`. A run that goes on is never over its time. */
const overdue = (before: number) =>
  and(
    isNotNull(graphs.endpointId),
    lt(graphs.createdAt, before),
    lt(graphs.updatedAt, before),
    notInArray(graphs.status, ['READY', 'RUNNING', 'FAILED_WAITING']),
  );

// In SQL's words: drizzle would leave the names of tables out, and the inner ones would be meant.
const NEED = sql<DueBlob['need']>`case
  when exists (select 1 from pinned_blobs as pin where pin.key = discarded_blobs.key) then 'pinned'
  when exists (select 1 from node_cache as cache
    where cache.graph_id = discarded_blobs.graph_id and cache.node_id = discarded_blobs.node_id) then 'shared'
  when exists (select 1 from graph_node_runs as run
    where run.source_graph_id = discarded_blobs.graph_id and run.source_node_id = discarded_blobs.node_id) then 'shared'
  else 'free' end`;

/**
 * What retention does with graphs of calls. Files are shared: a node that was restored names those of the run that made them. So a graph
 * goes at once, while its objects become `discarded_blobs`, and go one by one when neither the cache, nor a run, nor a pin needs them.
 */
export const createGraphRetentionQueries = (db: DrizzleD1Database) => ({
  /** Graphs that are over their time, the oldest first. */
  overdue: (before: number, limit: number): Promise<OverdueGraph[]> =>
    db
      .select({ id: graphs.id, nodeRuns: db.$count(graphNodeRuns, eq(graphNodeRuns.graphId, graphs.id)) })
      .from(graphs)
      .where(overdue(before))
      .orderBy(asc(graphs.createdAt))
      .limit(limit),
  /** Deletes these graphs as far as they are overdue, and notes what they leave in FILES. One batch: all or nothing. */
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
   * Notes the documents of the graphs that a handler publishes, with all its versions or with one, as objects to remove. To be written
   * before the versions are deleted.
   */
  discardPublished: (handlerId: string, checkAt: number, version: number | null) =>
    db
      .insert(discardedBlobs)
      .select(
        sql`select json_extract(artifact, '$.graph.documentKey') as key, null, null, ${checkAt} from handler_versions
            where handler_id = ${handlerId} and (${version} is null or version = ${version}) and key is not null`,
      )
      .onConflictDoNothing(),
  /** Deletes up to `limit` results that no run has taken over since `before`; answers how many. */
  expireCache: async (before: number, limit: number): Promise<number> => {
    const unused = db.select({ hash: nodeCache.hash }).from(nodeCache).where(lt(nodeCache.usedAt, before)).limit(limit);
    return (await db.delete(nodeCache).where(inArray(nodeCache.hash, unused)).run()).meta.changes;
  },
  /** Discarded objects whose time to be looked at has come, and what still needs them. */
  due: (now: number, limit: number): Promise<DueBlob[]> =>
    db
      .select({ key: discardedBlobs.key, need: NEED })
      .from(discardedBlobs)
      .where(lte(discardedBlobs.checkAt, now))
      .orderBy(asc(discardedBlobs.checkAt))
      .limit(limit),
  /** These are to be looked at again, then. */
  postpone: (keys: string[], checkAt: number) =>
    db
      .update(discardedBlobs)
      .set({ checkAt })
      .where(inArray(discardedBlobs.key, listed(keys)))
      .run(),
  /** These are no longer anybody's to remove. */
  forget: (keys: string[]) =>
    db
      .delete(discardedBlobs)
      .where(inArray(discardedBlobs.key, listed(keys)))
      .run(),
  /** These objects stay. To be written with the document that names them. */
  pin: (keys: string[]) =>
    db
      .insert(pinnedBlobs)
      .select(sql`select value from json_each(${JSON.stringify(keys)}) where true`)
      .onConflictDoNothing(),
});
