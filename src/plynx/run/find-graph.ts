import type { GraphRow } from '../../storage/plynx/graphs';
import type { NodeRunRow } from '../../storage/plynx/graph-node-runs';
import type { Context } from '../../core/access/context';
import { ApiError } from '../../kernel/errors';
import type { Graph } from '../document/graph.schema';
import type { NodeStatus } from '../document/node.schema';
import { parentsOf, withStoredStatuses } from '../document/node-versions.rules';
import { type NodeRun, overlayRun, type RunState } from './plan-run.rules';

/** A stored graph: its row, and its document with the row's status. Without the progress of its nodes. */
export interface FoundGraph {
  row: GraphRow;
  graph: Graph;
}

type Reading = Pick<Context, 'store'>;

/** Returns the stored graph, for verbs. Throws 404. */
export async function findGraph(ctx: Reading, id: string): Promise<FoundGraph> {
  // A change deletes the old document: a newer row then exists.
  for (let attempt = 0; attempt < 3; attempt++) {
    const row = await ctx.store.graphs.get(id);
    if (!row) throw graphNotFound();
    const graph = await readDocument(ctx, row);
    if (graph) return { row, graph };
  }
  throw graphNotFound();
}

const graphNotFound = (): ApiError => new ApiError('not_found', 'Graph was not found');

/** Returns the document that a row names; null when it has just been replaced. */
export async function readDocument(ctx: Reading, row: GraphRow): Promise<Graph | null> {
  const text = await ctx.store.blobs.text(row.documentKey);
  return text === null ? null : toGraph(text, row);
}

/** Parses the text of a document that Portico itself wrote, from a graph that passed parseGraph. */
export const toGraph = (text: string, row: Pick<GraphRow, 'status'>): Graph => ({
  ...(JSON.parse(text) as Graph),
  graph_running_status: row.status,
});

/** Returns the progress of a run's nodes from its rows. */
export const runStateOf = (rows: NodeRunRow[]): RunState =>
  new Map(
    rows.map(({ nodeId, status, outputs, logs, cacheUrl }): [string, NodeRun] => [
      nodeId,
      { status, outputs, logs, cacheUrl },
    ]),
  );

/** Returns graphs with the state of their runs, and of the stored nodes of their placements. */
export async function shownGraphs(ctx: Reading, graphs: Graph[]): Promise<Graph[]> {
  const approved = graphs.filter(({ graph_running_status }) => graph_running_status !== 'CREATED');
  const parents = [...new Set(graphs.flatMap(parentsOf))];
  const [rows, statuses] = await Promise.all([
    approved.length === 0 ? [] : ctx.store.nodeRuns.ofAll(approved.map(({ _id }) => _id)),
    parents.length === 0 ? new Map<string, NodeStatus>() : ctx.store.nodes.statuses(parents),
  ]);
  const runs = Map.groupBy(rows, ({ graphId }) => graphId);
  return graphs.map((graph) => {
    const run = runs.get(graph._id);
    return withStoredStatuses(run ? overlayRun(graph, runStateOf(run)) : graph, statuses);
  });
}
