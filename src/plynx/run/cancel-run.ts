import { tryChange } from '../../core/change/change';
import type { Context } from '../../core/access/context';
import type { GraphStatus } from '../document/graph.schema';
import { recordRun } from './record-run';

/** Statuses of a run that goes on. */
export const ACTIVE_STATUSES: GraphStatus[] = ['RUNNING', 'FAILED_WAITING'];

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
