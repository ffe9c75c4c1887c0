import type { ScheduleRow, WaitingFields } from '../../../storage/schedules';
import { dueBy } from '../../publishing/endpoints/schedule.rules';
import type { Schedule } from '../../publishing/endpoints/schedule.schema';
import type { Due } from './run-schedule';

/** Age beyond which a missed time is not made up for. */
const CATCH_UP_MS = 86_400_000;
/** Milliseconds from a failed run to the next attempt, by the number of the failed one. */
const BACKOFF_MS = [1, 5, 15, 60, 240].map((minutes) => minutes * 60_000);

const NONE: WaitingFields = { waitingAt: null, waitingDue: null, waitingAttempt: null };

/** Next act of a schedule: the fields that it gets, and the run that begins. `skipped` is the reason why the run is refused instead. */
export interface ScheduleStep {
  set: Partial<ScheduleRow>;
  begins: (Due & { skipped: string | null }) | null;
}

/**
 * Returns what a schedule that is due does at `now`, or null when it has nothing to do. At most one run waits. A queued one begins before a newer
 * time, which then waits; a retry gives way to a newer time.
 */
export function nextStep(row: ScheduleRow, schedule: Schedule, now: number): ScheduleStep | null {
  const isBusy = row.busyUntil !== null && now < row.busyUntil;
  if (row.nextAt === null || row.nextAt > now) return isBusy ? null : beginWaiting(row, now);
  const { at, missed, next } = dueBy(schedule, row.nextAt, now);
  const set = { nextAt: next, lastAt: at, lastCause: 'time' as const };
  const run = { due: at, missed, attempt: 1, skipped: null };
  const waits: WaitingFields = { waitingAt: now, waitingDue: at, waitingAttempt: 1 };
  if (now - at > CATCH_UP_MS) return { set, begins: { ...run, skipped: 'it was due more than a day ago' } };
  if (isBusy) {
    if (schedule.overlap === 'allow') return { set, begins: run };
    if (schedule.overlap === 'skip') return { set, begins: { ...run, skipped: 'the one before has not ended' } };
    if (row.waitingAttempt === 1) return { set, begins: { ...run, skipped: 'another one waits already' } };
    return { set: { ...set, ...waits }, begins: null };
  }
  if (row.waitingAttempt === 1) return { set: { ...set, ...waits }, begins: waitingRun(row) };
  return { set: { ...set, ...NONE }, begins: run };
}

function beginWaiting(row: ScheduleRow, now: number): ScheduleStep | null {
  return row.waitingAt === null || row.waitingAt > now ? null : { set: NONE, begins: waitingRun(row) };
}

const waitingRun = ({ waitingDue, waitingAttempt }: WaitingFields): ScheduleStep['begins'] => ({
  due: waitingDue!,
  missed: 0,
  attempt: waitingAttempt!,
  skipped: null,
});

/** Returns the attempt that follows a failed one, which has ended at `now`; null when it was the last. */
export function retryOf({ retry }: Pick<Schedule, 'retry'>, { due, attempt }: Due, now: number): WaitingFields | null {
  if (attempt > (retry?.times ?? 0)) return null;
  return { waitingAt: now + BACKOFF_MS[attempt - 1]!, waitingDue: due, waitingAttempt: attempt + 1 };
}
