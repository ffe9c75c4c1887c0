import type { Context } from '../../core/access/context';
import type { GraphStatus } from '../document/graph.schema';
import { recordGraphRun } from './record-graph-run';
import { tryChange } from '../../core/change/change';

/** Statuses of a running graph, and of one that has been approved and has not ended. */
const ACTIVE_STATUSES: GraphStatus[] = ['RUNNING', 'FAILED_WAITING'];
const UNENDED_STATUSES: GraphStatus[] = ['READY', ...ACTIVE_STATUSES];

/** Starts the run of a graph that was just approved. When that fails, restores the graph, so that it can be approved again. */
export async function startRun(ctx: Context, graphId: string): Promise<void> {
  try {
    await ctx.graphRuns.start(graphId, ctx.origin);
  } catch (error) {
    await ctx.store.graphs.setStatus(graphId, ['READY'], 'CREATED', ctx.now()).run();
    throw error;
  }
}

/** Marks an approved graph as running. `over`: it has already ended, or was never approved, so there is nothing to run. */
export async function beginRun(ctx: Pick<Context, 'store' | 'now'>, graphId: string): Promise<'running' | 'over'> {
  const { graphs } = ctx.store;
  await graphs.setStatus(graphId, ['READY'], 'RUNNING', ctx.now()).run();
  const row = await graphs.get(graphId);
  // RUNNING already on a retry.
  return row && ACTIVE_STATUSES.includes(row.status) ? 'running' : 'over';
}

/** Continues a run in its next part, where it has not ended. May be called again. */
export async function continueRun(ctx: Context, graphId: string, part: number): Promise<null> {
  await ctx.store.graphs.endPart(graphId, part, ctx.now());
  await ctx.graphRuns.startPart(graphId, part + 1, ctx.origin);
  return null;
}

/**
 * Ends a run with this status, unless it was canceled concurrently, and writes its record to the run history. `reason`: why it ended
 * without a failed node. Returns the final status.
 */
export async function finishRun(
  ctx: Pick<Context, 'store' | 'now' | 'runLog'>,
  graphId: string,
  status: 'SUCCESS' | 'FAILED',
  reason?: { name: string; message: string },
): Promise<string> {
  const { graphs } = ctx.store;
  await graphs.setStatus(graphId, UNENDED_STATUSES, status, ctx.now()).run();
  await recordGraphRun(ctx, graphId, reason);
  return (await graphs.get(graphId))?.status ?? status;
}

/**
 * Cancels a run, also one that has not begun: its graph and its nodes in flight become CANCELED; nodes that had not started stay. Returns
 * false when it has already ended. The row decides, so a node that finishes at the same time changes nothing.
 */
export async function cancelRun(ctx: Context, graphId: string): Promise<boolean> {
  const { graphs, nodeRuns } = ctx.store;
  const now = ctx.now();
  const canceled = await tryChange(ctx, {
    action: 'graph.cancel',
    id: graphId,
    write: graphs.setStatus(graphId, UNENDED_STATUSES, 'CANCELED', now),
    also: [nodeRuns.cancel(graphId, now)],
  });
  if (!canceled) return false;
  // A part that begins concurrently finds the status, and ends.
  await ctx.graphRuns.stop(graphId, (await graphs.get(graphId))?.part ?? 1);
  await recordGraphRun(ctx, graphId);
  return true;
}
