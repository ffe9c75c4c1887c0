import type { Context } from '../../context';
import { finishRun } from './finish-run';

/** A run that shows no sign of life for this long is looked at. */
const SILENT_MS = 2 * 60_000;
/** Graphs that one round looks at. */
const MOST = 50;

export interface Tended {
  /** Approved, and their run never began: they may be approved again. */
  reopened: number;
  /** Their run was lost. */
  failed: number;
}

/**
 * Looks after runs that nobody else would: an approval whose run never began, because the machine went away between the two, and a run
 * that the platform gave up. Without this such a graph would be READY or RUNNING for ever.
 */
export async function tendRuns(ctx: Pick<Context, 'store' | 'now' | 'graphRuns'>): Promise<Tended> {
  const { graphs, nodeRuns } = ctx.store;
  const silent = await graphs.silentSince(ctx.now() - SILENT_MS, MOST);
  const tended = { reopened: 0, failed: 0 };
  for (const { id, status } of silent) {
    if (await ctx.graphRuns.goesOn(id)) continue;
    if (status === 'READY') {
      await graphs.setStatus(id, ['READY'], 'CREATED', ctx.now()).run();
      tended.reopened += 1;
    } else {
      await nodeRuns.cancel(id, ctx.now()).run();
      await finishRun(ctx, id, 'FAILED');
      tended.failed += 1;
    }
  }
  return tended;
}
