import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { createLogger } from '../../../kernel/logger';
import type { ScheduleRow } from '../../../storage/schedules';
import { loadDefinition } from '../load-definition';
import { nextStep, retryOf } from './next-run.rules';
import { runSchedule } from './run-schedule';

/** Schedules that one cron event runs, and how many of them at once. */
const MAX_DUE = 200;
const AT_ONCE = 20;
/** Milliseconds beyond its time limit after which a run without an end counts as lost. */
const LOST_AFTER_MS = 30_000;

const log = createLogger('schedules');

/** Runs the schedules that are due, each once however many times it missed. Resolves to their number when all have ended. */
export async function runDueSchedules(ctx: Context): Promise<number> {
  const due = await ctx.store.schedules.due(ctx.now(), MAX_DUE);
  const waiting = [...due];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await runOrLog(ctx, row);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, work));
  return due.length;
}

/** One schedule must not stop the others. */
async function runOrLog(ctx: Context, row: ScheduleRow): Promise<void> {
  try {
    await runDue(ctx, row);
  } catch (error) {
    const { endpointId, name } = row;
    log.error('a schedule could not run', { event: 'schedule.failed', endpointId, name, error });
  }
}

async function runDue(ctx: Context, row: ScheduleRow): Promise<void> {
  const now = ctx.now();
  const definition = await loadDefinition(ctx, row.endpointId, null, now);
  const schedule = definition?.schedules.find(({ name }) => name === row.name);
  // The endpoint was changed or deleted after the read.
  if (!definition || !schedule) return;
  const step = nextStep(row, schedule, now);
  if (step === null) return;
  const { set, begins } = step;
  const isRun = begins !== null && begins.skipped === null;
  const busyUntil = now + definition.limits.timeoutMs + LOST_AFTER_MS;
  if (!(await ctx.store.schedules.claim(row, isRun ? { ...set, busyUntil } : set)) || begins === null) return;
  const refusal = begins.skipped === null ? null : skipped(begins.skipped);
  const { runId, status, isFailed } = await runSchedule(ctx, definition, schedule, begins, refusal);
  if (!isRun) return;
  await ctx.store.schedules.end(row.endpointId, row.name, { at: begins.due, cause: 'time', runId, status });
  const retry = isFailed ? retryOf(schedule, begins, ctx.now()) : null;
  if (retry) await ctx.store.schedules.wait(row.endpointId, row.name, retry);
}

const skipped = (why: string): ApiError => new ApiError('schedule_skipped', `The run was skipped: ${why}.`);
