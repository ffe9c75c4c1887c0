import type { GraphRow } from '../../storage/plynx/graphs';
import type { Context } from '../../core/access/context';
import { finishRun } from './run-lifecycle';
import { SIGN_OF_LIFE_MS } from './run-graph';

/** Milliseconds without a report after which a run counts as stalled. */
const SILENT_MS = 4 * SIGN_OF_LIFE_MS;
/** Maximum graphs per round. */
const MAX_GRAPHS = 50;
/** Maximum resumptions of a run: one that crashes its machine each time must not repeat it forever. */
const MAX_RESUMES = 5;

type Reaping = Pick<Context, 'store' | 'now' | 'runLog' | 'graphRuns' | 'origin'>;

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
 * Otherwise such a graph would be READY or RUNNING forever. Throws an AggregateError when it has tried all.
 */
export async function reapStalledRuns(ctx: Reaping): Promise<Reaped> {
  const before = ctx.now() - SILENT_MS;
  const reaped = { reopened: 0, resumed: 0, failed: 0 };
  const failures: unknown[] = [];
  for (const row of await ctx.store.graphs.silentSince(before, MAX_GRAPHS)) {
    try {
      const done = await reap(ctx, row, before);
      if (done !== null) reaped[done] += 1;
    } catch (error) {
      // One run must not stop the others.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} stalled runs could not be reaped`);
  return reaped;
}

/** Reaps one run. Returns null for one that has reported in between. */
async function reap(
  ctx: Reaping,
  { id, status, resumes, part }: Pick<GraphRow, 'id' | 'status' | 'resumes' | 'part'>,
  before: number,
): Promise<keyof Reaped | null> {
  const isRunning = await ctx.graphRuns.isRunning(id, part);
  if (isRunning && resumes < MAX_RESUMES) {
    if (!(await ctx.store.graphs.noteResume(id, before, ctx.now()))) return null;
    await ctx.graphRuns.resume(id, part);
    return 'resumed';
  }
  // The part before has ended, and could not start this one.
  if (!isRunning && part > 1 && (await ctx.graphRuns.startPart(id, part, ctx.origin))) {
    await ctx.store.graphs.touch(id, ctx.now());
    return 'resumed';
  }
  if (status === 'READY' && !isRunning) {
    await ctx.store.graphs.setStatus(id, ['READY'], 'CREATED', ctx.now()).run();
    return 'reopened';
  }
  await endLost(ctx, id, isRunning ? part : null);
  return 'failed';
}

async function endLost(ctx: Reaping, id: string, running: number | null): Promise<void> {
  const reason =
    running !== null
      ? `the run fell silent ${MAX_RESUMES + 1} times and was not resumed`
      : 'the run was lost: the platform dropped it';
  await ctx.store.nodeRuns.cancel(id, ctx.now()).run();
  await finishRun(ctx, id, 'FAILED', { name: 'RunLost', message: reason });
  if (running !== null) await ctx.graphRuns.stop(id, running);
}
