import { time } from '../../kit/time-range.rules';
import { oneOf, parseSearch, printSearch, search, someOf, text, whole } from '../../shell/search.rules';
import { ALL_OUTCOMES, OUTCOMES } from './outcome.rules';
import type { RunFilter } from './run-filter.rules';

/** Reads the query of the history's address. */
export const runSearch = search({
  endpoint: text,
  endpointId: text,
  kind: oneOf('live', 'test', 'schedule', 'graph'),
  outcome: someOf(...ALL_OUTCOMES),
  status: whole,
  caller: text,
  minMs: whole,
  step: text,
  error: text,
  since: time,
  until: time,
  q: text,
  live: oneOf('1'),
  cursor: text,
});

/** Reads the filters of a pinned view, without those that this version of the console does not know. */
export function toFilter(query: string): ReturnType<typeof runSearch> {
  const { live: _live, cursor: _cursor, ...filter } = runSearch(parseSearch(query) as Parameters<typeof runSearch>[0]);
  return filter;
}

/** Writes filters as a pinned view has them: the same text for the same filters. */
export const fromFilter = (filter: RunFilter): string =>
  printSearch(
    Object.fromEntries(Object.entries(filter as Record<string, string>).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  ).slice(1);

/** Proposes a name for filters: `failed, /u/order, -24h`. */
export function proposeName({ outcome, endpoint, ...filter }: RunFilter): string {
  const { endpointId: _id, ...others } = filter;
  return [...(outcome ?? []).map((each) => OUTCOMES[each].word), endpoint && `/u/${endpoint}`, ...Object.values(others)]
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
    .slice(0, 60);
}
