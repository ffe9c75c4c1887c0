import type { Context } from '../../core/access/context';
import { ACTIVE_STATUSES } from './cancel-run';

/** Marks an approved graph as running. `over`: it has ended already, or was never approved, so there is nothing to run. */
export async function beginRun(ctx: Pick<Context, 'store' | 'now'>, graphId: string): Promise<'running' | 'over'> {
  const { graphs } = ctx.store;
  await graphs.setStatus(graphId, ['READY'], 'RUNNING', ctx.now()).run();
  const row = await graphs.get(graphId);
  // RUNNING already when this is tried for a second time.
  return row && ACTIVE_STATUSES.includes(row.status) ? 'running' : 'over';
}
