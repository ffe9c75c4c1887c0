import type { Context } from '../../core/access/context';
import { createLogger } from '../../kernel/logger';
import type { NodeRun } from './plan-run.rules';

type Ending = Pick<Context, 'store' | 'now'>;

const log = createLogger('plynx');

/**
 * Notes how a node ended, and that its graph has failed when it did. A node that was canceled meanwhile stays so; the answer is what
 * counts.
 */
export async function endNode(ctx: Ending, graphId: string, nodeId: string, run: NodeRun): Promise<NodeRun> {
  const { nodeRuns, graphs } = ctx.store;
  const isEnd = await nodeRuns.end(graphId, nodeId, run, ctx.now());
  if (!isEnd) return lastWord(ctx, graphId, nodeId);
  if (run.status === 'FAILED') await graphs.setStatus(graphId, ['RUNNING'], 'FAILED_WAITING', ctx.now()).run();
  return run;
}

/** What a node came to that may not run any more: its graph was canceled, or it ended in an attempt whose answer was lost. */
export async function lastWord(ctx: Ending, graphId: string, nodeId: string): Promise<NodeRun> {
  const row = await ctx.store.nodeRuns.get(graphId, nodeId);
  if (!row || row.status === 'RUNNING') return { status: 'CANCELED', outputs: {}, logs: {} };
  const { status, outputs, logs, cacheUrl } = row;
  return { status, outputs, logs, cacheUrl };
}

/** FAILED, for a node that could not even be tried: the store or the platform failed, again and again. */
export async function failNode(ctx: Ending, graphId: string, nodeId: string, reason: string): Promise<NodeRun> {
  log.error('a node of a graph was lost', { event: 'graph_node.failed', graphId, nodeId, reason });
  const { nodeRuns } = ctx.store;
  // There may be no row yet.
  const logs = (await nodeRuns.get(graphId, nodeId))?.logs ?? {};
  await nodeRuns.start(graphId, nodeId, logs, ctx.now());
  return endNode(ctx, graphId, nodeId, { status: 'FAILED', outputs: {}, logs });
}
