import type { Context } from '../../core/access/context';
import type { GraphStatus } from '../document/graph.schema';
import { recordRun } from './record-run';
import { tryChange } from '../../core/change/change';

/** Statuses of a run that goes on. */
export const ACTIVE_STATUSES: GraphStatus[] = ['RUNNING', 'FAILED_WAITING'];

/** Begins the run of a graph that was just approved. When that fails, the graph is as it was before and may be approved again. */
export async function startRun(ctx: Context, graphId: string): Promise<void> {
  try {
    await ctx.graphRuns.start(graphId, ctx.origin);
  } catch (error) {
    await ctx.store.graphs.setStatus(graphId, ['READY'], 'CREATED', ctx.now()).run();
    throw error;
  }
}

/** Marks an approved graph as running. `over`: it has ended already, or was never approved, so there is nothing to run. */
export async function beginRun(ctx: Pick<Context, 'store' | 'now'>, graphId: string): Promise<'running' | 'over'> {
  const { graphs } = ctx.store;
  await graphs.setStatus(graphId, ['READY'], 'RUNNING', ctx.now()).run();
  const row = await graphs.get(graphId);
  // RUNNING already when this is tried for a second time.
  return row && ACTIVE_STATUSES.includes(row.status) ? 'running' : 'over';
}

/**
 * Ends a run with this status, unless it was canceled meanwhile, and leaves its record in the run history. `reason`: why it ended without
 * a node that failed. Answers how it ended.
 */
export async function finishRun(
  ctx: Pick<Context, 'store' | 'now'>,
  graphId: string,
  status: 'SUCCESS' | 'FAILED',
  reason?: { name: string; message: string },
): Promise<string> {
  const { graphs } = ctx.store;
  await graphs.setStatus(graphId, ['READY', ...ACTIVE_STATUSES], status, ctx.now()).run();
  await recordRun(ctx, graphId, reason);
  return (await graphs.get(graphId))?.status ?? status;
}

/**
 * Ends a run: its graph is CANCELED and so is what it has in flight; what had not started stays as it is. False when it has ended by
 * itself. The row counts, so a node that finishes at the same time changes nothing any more.
 */
export async function cancelRun(ctx: Context, graphId: string): Promise<boolean> {
  const { graphs, nodeRuns } = ctx.store;
  const now = ctx.now();
  const canceled = await tryChange(ctx, {
    action: 'graph.cancel',
    id: graphId,
    write: graphs.setStatus(graphId, ACTIVE_STATUSES, 'CANCELED', now),
    also: [nodeRuns.cancel(graphId, now)],
  });
  if (!canceled) return false;
  await ctx.graphRuns.stop(graphId);
  await recordRun(ctx, graphId);
  return true;
}
