import { overdue } from '../late-work';
import type { CallRecord } from './capture';
import { stringify } from './json';
import { setTimer } from './uncaught';

/** Calls kept for a report: one that never ends, or whose report is never fetched, stays until others have taken its place. */
const MAX_KEPT = 1000;
/** Calls with a response whose report is to be fetched, by their id. */
const pending = new Map<string, CallRecord>();
/** Calls without a response, by run: a call that runs out of time is asked for its logs. */
const unanswered = new Map<string, CallRecord>();

let calls = 0;

function keep(records: Map<string, CallRecord>, name: string, record: CallRecord): void {
  if (records.size >= MAX_KEPT) records.delete(records.keys().next().value!);
  records.set(name, record);
}

/** Keeps a call that has a response until `drain` fetches its report. Returns its id. */
export function remember(run: string, record: CallRecord): string {
  // The host stub ends with the response; its copy does not.
  record.host = record.host?.dup();
  const callId = `${run}.${++calls}`;
  keep(pending, callId, record);
  return callId;
}

/** Keeps a call until it has a response. A workflow that calls itself has the run of the outer call, which keeps its entry. */
export function trackUnanswered(run: string, record: CallRecord): void {
  if (!unanswered.has(run)) keep(unanswered, run, record);
}

export function untrackUnanswered(run: string, record: CallRecord): void {
  if (unanswered.get(run) === record) unanswered.delete(run);
}

/** The report of a call that has nothing to report. */
export const NOTHING = Object.freeze({});

export const reportOf = ({ logs, logsCut, steps }: CallRecord): object =>
  logs.length === 0 && !logsCut && steps.length === 0
    ? NOTHING
    : {
        ...(logs.length > 0 ? { logs } : {}),
        ...(logsCut ? { logsCut: true } : {}),
        ...(steps.length > 0 ? { steps } : {}),
      };

/**
 * Waits for the work that a call left under `ctx.waitUntil`, and for work that this starts, for at most `lateWorkMs`. Returns the report as
 * JSON text. A call without a response is named by its run, and its report holds its logs so far.
 */
export async function drain(callId: string, lateWorkMs: number): Promise<string> {
  const record = pending.get(callId);
  if (record === undefined) return partialReport(callId);
  record.tellAnswered?.();
  const isDone = await Promise.race([allOf(record.deferred), after(lateWorkMs)]);
  pending.delete(callId);
  record.isOver = true;
  record.host?.[Symbol.dispose]();
  return stringify({ ...reportOf(record), error: record.lateError ?? (isDone ? undefined : overdue(lateWorkMs)) });
}

async function allOf(deferred: readonly Promise<unknown>[]): Promise<true> {
  for (let seen = 0; seen < deferred.length;) {
    seen = deferred.length;
    await Promise.allSettled(deferred);
  }
  return true;
}

const after = (ms: number): Promise<false> => new Promise((resolve) => void setTimer(() => resolve(false), ms));

/** Returns what a call has reported so far, also while it continues after its response, as JSON text. The call goes on as it was. */
export function peek(run: string): string {
  const record = unanswered.get(run) ?? [...pending].find(([callId]) => callId.startsWith(`${run}.`))?.[1];
  return record === undefined ? '{}' : stringify(reportOf(record));
}

/** Returns the logs of a call that ran out of time before its response. Only the first call returns them. */
function partialReport(run: string): string {
  const record = unanswered.get(run);
  unanswered.delete(run);
  return record === undefined ? '{}' : stringify(reportOf(record));
}
