import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { createLogger } from '../../../kernel/logger';
import type { ScheduleRow } from '../../../storage/schedules';
import { dueBy } from '../../publishing/endpoints/schedule.rules';
import { loadDefinition } from '../load-definition';
import { runSchedule } from './run-schedule';

/** Schedules that one cron event runs, and how many of them at once. */
const MAX_DUE = 200;
const AT_ONCE = 20;
/** Age beyond which a missed time is not made up for. */
const CATCH_UP_MS = 86_400_000;
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
  const { at, missed, next } = dueBy(schedule, row.nextAt!, now);
  const refusal = refusalOf(row, schedule.overlap, at, now);
  const busyUntil = now + definition.limits.timeoutMs + LOST_AFTER_MS;
  const taken = { nextAt: next, lastAt: at, busyUntil: refusal ? row.busyUntil : busyUntil };
  if (!(await ctx.store.schedules.claim(row, taken))) return;
  const { runId } = await runSchedule(ctx, definition, schedule, { due: at, missed }, refusal);
  if (!refusal) await ctx.store.schedules.end(row.endpointId, row.name, runId);
}

const skipped = (why: string): ApiError => new ApiError('schedule_skipped', `The run was skipped: ${why}.`);

function refusalOf({ busyUntil }: ScheduleRow, overlap: 'skip' | 'allow', at: number, now: number): ApiError | null {
  if (now - at > CATCH_UP_MS) return skipped('it was due more than a day ago');
  return overlap === 'skip' && busyUntil !== null && now < busyUntil ? skipped('the one before has not ended') : null;
}
