import type { Context } from '../../core/access/context';
import { fileKey } from '../files/file-key.rules';
import { createLogger } from '../../kernel/logger';
import type { NodeRun } from './plan-run.rules';

type Ending = Pick<Context, 'store' | 'now'>;

const log = createLogger('plynx');

/**
 * Stores the end of a node, and marks its graph as failed when the node failed. A node that was canceled concurrently stays canceled; the
 * returned run counts. Removes the files of this attempt and those of `begun`, the ids of earlier ones, that it does not name.
 */
export async function endNode(
  ctx: Ending,
  graphId: string,
  nodeId: string,
  run: NodeRun,
  begun: readonly string[],
): Promise<NodeRun> {
  const ended = await storeEnd(ctx, graphId, nodeId, run);
  const named = new Set(filesOf(ended));
  const unnamed = [...new Set([...begun, ...filesOf(run)])].filter((id) => !named.has(id));
  if (unnamed.length > 0) await ctx.store.blobs.remove(unnamed.map(fileKey));
  return ended;
}

const filesOf = ({ outputs, logs }: NodeRun): string[] => [...Object.values(outputs), ...Object.values(logs)];

async function storeEnd(ctx: Ending, graphId: string, nodeId: string, run: NodeRun): Promise<NodeRun> {
  const { nodeRuns, graphs } = ctx.store;
  const isEnd = await nodeRuns.end(graphId, nodeId, run, ctx.now());
  if (!isEnd) return finalRun(ctx, graphId, nodeId);
  if (run.status === 'FAILED') await graphs.setStatus(graphId, ['RUNNING'], 'FAILED_WAITING', ctx.now()).run();
  return run;
}

/** Returns the end of a node that may no longer run: its graph was canceled, or it ended in an attempt whose response was lost. */
export async function finalRun(ctx: Ending, graphId: string, nodeId: string): Promise<NodeRun> {
  const row = await ctx.store.nodeRuns.get(graphId, nodeId);
  if (!row || row.status === 'RUNNING') return { status: 'CANCELED', outputs: {}, logs: {} };
  const { status, outputs, logs, cacheUrl } = row;
  return { status, outputs, logs, cacheUrl };
}

/** Marks a node as FAILED that could not run: the store or the platform failed repeatedly. */
export async function failNode(ctx: Ending, graphId: string, nodeId: string, reason: string): Promise<NodeRun> {
  log.error('a graph node could not run', { event: 'graph_node.failed', graphId, nodeId, reason });
  const { nodeRuns } = ctx.store;
  // The row may not exist yet.
  const begun = await nodeRuns.start(graphId, nodeId, { outputs: {}, logs: {} }, ctx.now());
  const run: NodeRun = { status: 'FAILED', outputs: {}, logs: begun?.logs ?? {} };
  return endNode(ctx, graphId, nodeId, run, Object.values(begun?.outputs ?? {}));
}
