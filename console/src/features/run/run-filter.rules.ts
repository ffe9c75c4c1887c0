import type { RunKind, RunOutcome } from '../../../../src/core/runs/run.schema';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Record<string, number> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const RELATIVE = /^-([1-9][0-9]{0,4})([mhd])$/;
const ABSOLUTE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/;

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

/** Reads a time of an address: `-24h`, relative to the reader's now, or an absolute one with its offset. Undefined for anything else. */
export function time(text: string): string | undefined {
  if (RELATIVE.test(text)) return text;
  return ABSOLUTE.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

export const isRelative = (text: string): boolean => RELATIVE.test(text);

/** Returns a time of an address in Unix milliseconds. `now` is in Unix milliseconds. */
export function instantOf(text: string, now: number): number {
  const [, count, unit] = RELATIVE.exec(text) ?? [];
  return unit === undefined ? Date.parse(text) : now - Number(count) * UNITS[unit]!;
}

const isoOf = (text: string | undefined, now: number): string | undefined =>
  text === undefined ? undefined : new Date(instantOf(text, now)).toISOString();

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

const two = (part: number): string => String(part).padStart(2, '0');

/** Returns a time as the value of a field for local times: `2026-11-26T10:30`. */
export function toLocalField(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Returns the absolute time of such a value; undefined while it is not complete. */
export function fromLocalField(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Returns why new runs cannot be followed; null when they can. The live tail has no text, no end and no older pages. */
export function whyNotLive({ until, q }: RunFilter, cursor: string | undefined): string | null {
  if (cursor !== undefined) return 'Go to the newest runs to follow new ones.';
  if (until !== undefined) return 'Clear the end of the time range to follow new runs.';
  return q === undefined ? null : 'Clear the text to follow new runs.';
}
