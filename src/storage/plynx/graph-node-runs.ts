import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { NodeRun } from '../../plynx/run/plan-run.rules';
import { graphNodeRuns, graphs } from '../schema';

export type NodeRunRow = typeof graphNodeRuns.$inferSelect;

/** The nodes of a graph that have not ended, or one of them if it has not. */
const inFlight = (graphId: string, nodeId?: string) =>
  and(
    eq(graphNodeRuns.graphId, graphId),
    nodeId === undefined ? undefined : eq(graphNodeRuns.nodeId, nodeId),
    inArray(graphNodeRuns.status, ['RUNNING', 'IN_QUEUE']),
  );

/** Ids of files by the name of the output or log. */
type Files = Pick<NodeRunRow, 'outputs' | 'logs'>;

const ENDED: readonly NodeRunRow['status'][] = ['SUCCESS', 'RESTORED', 'FAILED'];

/** Hides the outputs that a node was going to have: they are none until it ends by itself. */
const shown = (row: NodeRunRow): NodeRunRow => (ENDED.includes(row.status) ? row : { ...row, outputs: {} });

/** Progress of the nodes of approved graphs. */
export const createNodeRunQueries = (db: DrizzleD1Database) => ({
  of: async (graphId: string): Promise<NodeRunRow[]> =>
    (await db.select().from(graphNodeRuns).where(eq(graphNodeRuns.graphId, graphId))).map(shown),
  ofAll: async (graphIds: string[]): Promise<NodeRunRow[]> => {
    const rows = await db
      .select()
      .from(graphNodeRuns)
      .where(sql`${graphNodeRuns.graphId} in (select value from json_each(${JSON.stringify(graphIds)}))`);
    return rows.map(shown);
  },
  get: async (graphId: string, nodeId: string): Promise<NodeRunRow | undefined> => {
    const row = await db
      .select()
      .from(graphNodeRuns)
      .where(and(eq(graphNodeRuns.graphId, graphId), eq(graphNodeRuns.nodeId, nodeId)))
      .get();
    return row && shown(row);
  },
  /**
   * Marks a node as started, or restarted after its machine was lost, and names the files that it is going to store: before they exist, so that
   * no file is ever unnamed. `outputs` has ids as keys as well. Returns the ids of its files: logs of an earlier attempt stay, and its outputs
   * are among those returned. Null when it may not start: its graph no longer runs, or the node has ended.
   */
  start: async (graphId: string, nodeId: string, { outputs, logs }: Files, now: number): Promise<Files | null> => {
    const [started] = await db.all<{ outputs: string; logs: string }>(sql`
      insert into graph_node_runs (graph_id, node_id, status, outputs, logs, cache_url, started_at)
      select ${graphId}, ${nodeId}, 'RUNNING', ${JSON.stringify(outputs)}, ${JSON.stringify(logs)}, '', ${now}
      from ${graphs} where ${graphs.id} = ${graphId} and ${graphs.status} in ('RUNNING', 'FAILED_WAITING')
      on conflict (graph_id, node_id) do update set
        started_at = excluded.started_at,
        outputs = json_patch(excluded.outputs, graph_node_runs.outputs),
        logs = json_patch(excluded.logs, graph_node_runs.logs)
      where graph_node_runs.status in ('RUNNING', 'IN_QUEUE')
      returning outputs, logs`);
    return started === undefined
      ? null
      : { outputs: JSON.parse(started.outputs) as Files['outputs'], logs: JSON.parse(started.logs) as Files['logs'] };
  },
  /** Stores the current logs of a node; false when it is no longer in flight. */
  keepLogs: async (graphId: string, nodeId: string, logs: Record<string, string>): Promise<boolean> => {
    const { meta } = await db.update(graphNodeRuns).set({ logs }).where(inFlight(graphId, nodeId)).run();
    return meta.changes === 1;
  },
  /** Ends a node. Matches nothing when it was canceled concurrently. */
  end: async (graphId: string, nodeId: string, run: NodeRun, now: number): Promise<boolean> => {
    const { status, outputs, logs, cacheUrl = '' } = run;
    const { meta } = await db
      .update(graphNodeRuns)
      .set({ status, outputs, logs, cacheUrl, endedAt: now })
      .where(inFlight(graphId, nodeId))
      .run();
    return meta.changes === 1;
  },
  /** Sets all nodes in flight to CANCELED. */
  cancel: (graphId: string, now: number) =>
    db.update(graphNodeRuns).set({ status: 'CANCELED', endedAt: now }).where(inFlight(graphId)),
  /** Returns nodes in flight in any graph, the longest-running first. */
  inFlight: (limit: number): Promise<Pick<NodeRunRow, 'graphId' | 'nodeId' | 'startedAt'>[]> =>
    db
      .select({ graphId: graphNodeRuns.graphId, nodeId: graphNodeRuns.nodeId, startedAt: graphNodeRuns.startedAt })
      .from(graphNodeRuns)
      .where(eq(graphNodeRuns.status, 'RUNNING'))
      .orderBy(asc(graphNodeRuns.startedAt))
      .limit(limit),
});
