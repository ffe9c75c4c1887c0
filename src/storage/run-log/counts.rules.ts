import type { RunEntry } from '../../core/runs/run-log';
import { bucketOf, count, type Histogram } from '../../kernel/histogram.rules';
import { OUTCOME_CODES } from './outcome-codes.rules';

/** How many calls of one endpoint and one key had one outcome in one minute, and how long they took. As a list, which is stored as JSON. */
export type CallCount = [
  /** Unix minutes. */
  minute: number,
  endpointId: string,
  /** Id of the API key; empty for other callers. */
  keyId: string,
  kind: string,
  outcomeCode: string,
  calls: number,
  histogram: Histogram,
];
export type CallCounts = CallCount[];

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** Counts the runs of a batch. */
export function toCounts(entries: readonly RunEntry[]): CallCounts {
  const found = new Map<string, CallCount>();
  for (const { startedAt, endpointId, callerKind, callerId, kind, outcome, durationMs, calls } of entries) {
    const minute = Math.floor(startedAt / MINUTE_MS);
    const keyId = callerKind === 'key' ? (callerId ?? '') : '';
    const code = OUTCOME_CODES[outcome];
    const name = `${minute} ${endpointId} ${keyId} ${kind} ${code}`;
    let counted = found.get(name);
    if (counted === undefined) {
      counted = [minute, endpointId, keyId, kind, code, 0, []];
      found.set(name, counted);
    }
    counted[5] += calls;
    if (durationMs !== null) count(counted[6], bucketOf(durationMs), calls);
  }
  return [...found.values()];
}
