import type { RunKind, RunOutcome } from '../../../../src/core/runs/run.schema';
import { instantOf, isoOf } from '../../kit/time-range.rules';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The filters of the history of runs, as its address has them. */
export interface RunFilter {
  endpoint?: string | undefined;
  endpointId?: string | undefined;
  kind?: RunKind | undefined;
  outcome?: readonly RunOutcome[] | undefined;
  status?: number | undefined;
  caller?: string | undefined;
  minMs?: number | undefined;
  step?: string | undefined;
  error?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  q?: string | undefined;
}

/** Returns the conditions that the live tail takes as well: all but times and text. */
export function toTailQuery({ since: _since, until: _until, q: _q, outcome, ...conditions }: RunFilter) {
  return { ...conditions, outcome: outcome?.join(',') };
}

/** Returns the query of the list, with relative times made absolute. */
export const toListQuery = (filter: RunFilter, now: number) => ({
  ...toTailQuery(filter),
  since: isoOf(filter.since, now),
  until: isoOf(filter.until, now),
  q: filter.q,
});

export type StatsStep = 'minute' | 'hour' | 'day';
export const STEP_MS: Readonly<Record<StatsStep, number>> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** Returns a step with which a range has at most a few hundred bars. */
export function stepFor(rangeMs: number): StatsStep {
  if (rangeMs <= 3 * HOUR_MS) return 'minute';
  return rangeMs <= 8 * DAY_MS ? 'hour' : 'day';
}

/** Returns the query of the counts: of the range of the list, 24 hours without one; by endpoint, key and kind alone. */
export function toStatsQuery(filter: RunFilter, now: number) {
  const until = filter.until === undefined ? now : instantOf(filter.until, now);
  const since = filter.since === undefined ? until - DAY_MS : instantOf(filter.since, now);
  return {
    since: new Date(since).toISOString(),
    until: isoOf(filter.until, now),
    step: stepFor(until - since),
    endpoint: filter.endpoint ?? filter.endpointId,
    key: filter.caller?.startsWith('key_') ? filter.caller : undefined,
    kind: filter.kind,
  };
}

/** Names the filters that the counts do not have, for the text below the chart. */
export function leftOutOfStats({ outcome, status, minMs, step, error, q, caller }: RunFilter): string[] {
  const named: [string, unknown][] = [
    ['outcome', outcome],
    ['status', status],
    ['duration', minMs],
    ['step', step],
    ['error', error],
    ['text', q],
    ['caller', caller?.startsWith('key_') ? undefined : caller],
  ];
  return named.filter(([, value]) => value !== undefined).map(([name]) => name);
}

/** Returns why new runs cannot be followed; null when they can. The live tail has no text, no end and no older pages. */
export function whyNotLive({ until, q }: RunFilter, cursor: string | undefined): string | null {
  if (cursor !== undefined) return 'Go to the newest runs to follow new ones.';
  if (until !== undefined) return 'Clear the end of the time range to follow new runs.';
  return q === undefined ? null : 'Clear the text to follow new runs.';
}
