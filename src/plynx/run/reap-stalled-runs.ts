import type { Context } from '../../core/access/context';
import { finishRun } from './run-lifecycle';
import { SIGN_OF_LIFE_MS } from './run-graph';

/** A run that gives no sign of life for this long is looked at. */
const SILENT_MS = 4 * SIGN_OF_LIFE_MS;
/** Graphs that one round looks at. */
const MAX_GRAPHS = 50;
/** How often a run is taken up again: one that ends its machine each time must not do so for ever. */
const MAX_RESUMES = 5;

export interface Reaped {
  /** Approved, and their run never began: they may be approved again. */
  reopened: number;
  /** Silent, though the platform has them going on: taken up again. */
  resumed: number;
  /** Their run was lost. */
  failed: number;
}

/**
 * Restarts or ends runs that stand still: an approval whose run never began, because the machine went away between the two; a run that
 * the platform gave up; and one that it believes to go on, as a local service does of every run that its last stop cut. Without this
 * such a graph would be READY or RUNNING for ever.
 */
export async function reapStalledRuns(ctx: Pick<Context, 'store' | 'now' | 'graphRuns'>): Promise<Reaped> {
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
  ctx: Pick<Context, 'store' | 'now' | 'graphRuns'>,
  id: string,
  isRunning: boolean,
): Promise<void> {
  const reason = isRunning
    ? `the run fell silent ${MAX_RESUMES + 1} times, and was not taken up again`
    : 'the run was lost: the platform has given it up';
  await ctx.store.nodeRuns.cancel(id, ctx.now()).run();
  await finishRun(ctx, id, 'FAILED', { name: 'RunLost', message: reason });
  if (isRunning) await ctx.graphRuns.stop(id);
}
