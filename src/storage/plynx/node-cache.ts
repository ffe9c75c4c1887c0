import { eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { graphs, nodeCache } from '../schema';
import { DAY_MS } from '../../kernel/clock';

export type CachedResult = typeof nodeCache.$inferSelect;

/** Milliseconds between two records of a result's use: a write for each use would cost more than the precision is worth. */
const USE_INTERVAL_MS = DAY_MS;

/** Results that later nodes may reuse. */
export const createNodeCacheQueries = (db: DrizzleD1Database) => ({
  get: (hash: string): Promise<CachedResult | undefined> =>
    db.select().from(nodeCache).where(eq(nodeCache.hash, hash)).get(),
  /**
   * Ends a node, started or not, with a cached result. Returns false when it may not run, has ended, or the result is no longer in the cache.
   * One statement, so that no row ever names files whose removal has begun.
   */
  restore: async (
    { graphId, nodeId, cacheUrl }: { graphId: string; nodeId: string; cacheUrl: string },
    from: CachedResult,
    now: number,
  ): Promise<boolean> => {
    const restored = sql`
      insert into graph_node_runs
        (graph_id, node_id, status, outputs, logs, cache_url, source_graph_id, source_node_id, started_at, ended_at)
      select ${graphs.id}, ${nodeId}, 'RESTORED', ${nodeCache.outputs}, ${nodeCache.logs}, ${cacheUrl},
        ${nodeCache.graphId}, ${nodeCache.nodeId}, ${now}, ${now}
      from ${graphs}, ${nodeCache}
      where ${graphs.id} = ${graphId} and ${graphs.status} in ('RUNNING', 'FAILED_WAITING')
        and ${nodeCache.hash} = ${from.hash} and ${nodeCache.graphId} = ${from.graphId} and ${nodeCache.nodeId} = ${from.nodeId}
      on conflict (graph_id, node_id) do update set status = excluded.status, outputs = excluded.outputs, logs = excluded.logs,
        cache_url = excluded.cache_url, source_graph_id = excluded.source_graph_id, source_node_id = excluded.source_node_id,
        ended_at = excluded.ended_at
      where graph_node_runs.status in ('RUNNING', 'IN_QUEUE')`;
    const isRestored = (await db.run(restored)).meta.changes === 1;
    if (isRestored && from.usedAt < now - USE_INTERVAL_MS) {
      await db.update(nodeCache).set({ usedAt: now }).where(eq(nodeCache.hash, from.hash)).run();
    }
    return isRestored;
  },
  /** Adds a result. The first one under a hash stays. */
  add: (row: Omit<CachedResult, 'createdAt' | 'usedAt'>, now: number) =>
    db
      .insert(nodeCache)
      .values({ ...row, createdAt: now, usedAt: now })
      .onConflictDoNothing()
      .run(),
});
