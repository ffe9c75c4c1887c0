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

/** Prepares the search for a text in records: `mayHave` looks at JSON text as it is, `has` at the values of one record. */
export function textSearch(text: string): { mayHave: (json: string) => boolean; has: (detail: string) => boolean } {
  const needle = text.toLowerCase();
  // As JSON.stringify has written it.
  const escaped = JSON.stringify(needle).slice(1, -1);
  const mayHave = (json: string): boolean => json.toLowerCase().includes(escaped);
  return { mayHave, has: (detail) => mayHave(detail) && hasText(JSON.parse(detail), needle, '') };
}

/** Names count only in `headers`: otherwise a search for `error` would find every run. */
function hasText(value: unknown, needle: string, name: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(needle);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) => (name === 'headers' && key.includes(needle)) || hasText(item, needle, key),
  );
}
