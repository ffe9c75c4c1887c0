import { verb } from '../../core/access/verb';
import { readDocument } from '../run/find-graph';
import type { Node } from '../document/node.schema';

/** A running node. Times in Unix milliseconds. */
export interface Busy {
  graphId: string;
  node: Node | null;
  startedAt: number;
  /** Nodes of the same graph that have ended. */
  finished: number;
}

/** Maximum of nodes in the result. */
const MAX_NODES = 100;
/** Maximum of documents read per request. */
const MAX_GRAPHS = 20;

/** Returns the running nodes, the longest-running first. */
export const getMasterState = verb('graph.read', async (ctx): Promise<{ at: number; busy: Busy[] }> => {
  const { graphs, nodeRuns } = ctx.store;
  const [inFlight, running] = await Promise.all([nodeRuns.inFlight(MAX_NODES), graphs.running(MAX_GRAPHS)]);
  const rows = await nodeRuns.ofAll(running.map(({ id }) => id));
  const documents = new Map(
    await Promise.all(running.map(async (row) => [row.id, await readDocument(ctx, row)] as const)),
  );
  const busy = inFlight.map(({ graphId, nodeId, startedAt }) => ({
    graphId,
    startedAt,
    node: documents.get(graphId)?.nodes.find(({ _id }) => _id === nodeId) ?? null,
    finished: rows.filter((row) => row.graphId === graphId && row.endedAt !== null).length,
  }));
  return { at: ctx.now(), busy };
});
