import type { Context } from '../../core/access/context';
import { ACTIVE_STATUSES } from './cancel-run';
import { recordRun } from './record-run';

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
