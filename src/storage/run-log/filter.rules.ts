import type { RunEntry, RunFilter } from '../../core/runs/run-log';

const isOneOf = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;

/** Checks all conditions of a filter but `text`, which needs the whole record. */
export const matches = (entry: RunEntry, filter: RunFilter): boolean =>
  isOneOf(filter.endpointId, entry.endpointId) &&
  isOneOf(filter.endpointPath, entry.endpointPath) &&
  isOneOf(filter.kind, entry.kind) &&
  isOneOf(filter.status, entry.status) &&
  isOneOf(filter.callerId, entry.callerId) &&
  isOneOf(filter.failedStep, entry.failedStep) &&
  isOneOf(filter.errorCode, entry.errorCode) &&
  (filter.outcomes === undefined || filter.outcomes.includes(entry.outcome)) &&
  (filter.minMs === undefined || (entry.durationMs ?? 0) >= filter.minMs) &&
  (filter.since === undefined || entry.startedAt >= filter.since) &&
  (filter.until === undefined || entry.startedAt < filter.until);

type Fold = (text: string) => string;

const toLower: Fold = (text) => text.toLowerCase();
/** An accent may be a character of its own, and σ ends words as ς. */
const toFolded: Fold = (text) => text.normalize().toLowerCase().replaceAll('ς', 'σ');

/** Prepares the search for a text in records: `mayHave` looks at JSON text as it is, `has` at the values of one record. */
export function textSearch(text: string): { mayHave: (json: string) => boolean; has: (detail: string) => boolean } {
  // Only ASCII has the same letters whatever their form, and nearly every search is for that.
  const fold = /^[\x20-\x7e]*$/.test(text) ? toLower : toFolded;
  const needle = fold(text);
  // As JSON.stringify has written it.
  const escaped = JSON.stringify(needle).slice(1, -1);
  const mayHave = (json: string): boolean => fold(json).includes(escaped);
  const holds = (value: string): boolean => fold(value).includes(needle);
  return { mayHave, has: (detail) => mayHave(detail) && hasText(JSON.parse(detail), holds, '') };
}

/** Names count only in `headers`: otherwise a search for `error` would find every run. */
function hasText(value: unknown, holds: (text: string) => boolean, name: string): boolean {
  if (typeof value === 'string') return holds(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => (name === 'headers' && holds(key)) || hasText(item, holds, key));
}
