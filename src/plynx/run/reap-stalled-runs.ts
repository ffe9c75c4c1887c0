import type { Context } from '../../core/access/context';
import { finishRun } from './run-lifecycle';
import { SIGN_OF_LIFE_MS } from './run-graph';

/** Milliseconds without a report after which a run counts as stalled. */
const SILENT_MS = 4 * SIGN_OF_LIFE_MS;
/** Maximum graphs per round. */
const MAX_GRAPHS = 50;
/** Maximum resumptions of a run: one that crashes its machine each time must not repeat it forever. */
const MAX_RESUMES = 5;

export interface Reaped {
  /** Approved graphs whose run never began: they can be approved again. */
  reopened: number;
  /** Silent runs that the platform still has: resumed. */
  resumed: number;
  /** Lost runs. */
  failed: number;
}

/**
 * Restarts or ends stalled runs: an approval whose run never began, because the machine was lost in between; a run that the platform
 * dropped; and one that the platform still counts as running, as a local service does with every run that its last stop interrupted.
 * Otherwise such a graph would be READY or RUNNING forever.
 */
export async function reapStalledRuns(ctx: Pick<Context, 'store' | 'now' | 'runLog' | 'graphRuns'>): Promise<Reaped> {
  const before = ctx.now() - SILENT_MS;
  const reaped = { reopened: 0, resumed: 0, failed: 0 };
  for (const { id, status, resumes } of await ctx.store.graphs.silentSince(before, MAX_GRAPHS)) {
    const isRunning = await ctx.graphRuns.isRunning(id);
    if (isRunning && resumes < MAX_RESUMES) {
      if (!(await ctx.store.graphs.noteResume(id, before, ctx.now()))) continue;
      await ctx.graphRuns.resume(id);
      reaped.resumed += 1;
    } else if (status === 'READY' && !isRunning) {
      await ctx.store.graphs.setStatus(id, ['READY'], 'CREATED', ctx.now()).run();
      reaped.reopened += 1;
    } else {
      await endLost(ctx, id, isRunning);
      reaped.failed += 1;
    }
  }
  return reaped;
}

async function endLost(
  ctx: Pick<Context, 'store' | 'now' | 'runLog' | 'graphRuns'>,
  id: string,
  isRunning: boolean,
): Promise<void> {
  const reason = isRunning
    ? `the run fell silent ${MAX_RESUMES + 1} times and was not resumed`
    : 'the run was lost: the platform dropped it';
  await ctx.store.nodeRuns.cancel(id, ctx.now()).run();
  await finishRun(ctx, id, 'FAILED', { name: 'RunLost', message: reason });
  if (isRunning) await ctx.graphRuns.stop(id);
}
