import type { Endpoint } from '../endpoint/endpoint.queries';
import { clockTime } from '../../kit/time.rules';
import type { Run, RunPage } from './run.queries';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How often an error came in the last 24 hours. */
export interface ErrorCount {
  calls: number;
  /** The first run with it; null where the search ended before it had looked at all runs. */
  first: Pick<Run, 'startedAt' | 'handlerVersion'> | null;
  /** All newer runs have been searched; null: all have. */
  searchedTo: string | null;
}
type Shown = Pick<Run, 'id' | 'calls' | 'startedAt' | 'handlerVersion'>;

/** Counts the runs of a page of those with the error of `run`. One that has ended just now may not be listed yet, and counts too. */
export function countErrors(
  run: Shown,
  page: { items: readonly Shown[] } & Pick<RunPage, 'searchedTo'>,
  now: number,
): ErrorCount {
  const { items, searchedTo } = page;
  const isMissing = !items.some(({ id }) => id === run.id) && Date.parse(run.startedAt) >= now - DAY_MS;
  const counted = isMissing ? [run, ...items] : items;
  return {
    calls: counted.reduce((sum, { calls }) => sum + calls, 0),
    first: searchedTo === null ? (counted.at(-1) ?? null) : null,
    searchedTo,
  };
}

/** Says how often an error came, since when, and with which version first: `31 times since 10:31:05, first with v3`. */
export function countText({ calls, first, searchedTo }: ErrorCount, now: number): string {
  const clock = (at: string): string => clockTime(Date.parse(at), now);
  const times = calls === 1 ? 'once' : `${calls.toLocaleString('en')} times`;
  if (searchedTo !== null) return `at least ${times}, searched back to ${clock(searchedTo)}`;
  if (first === null) return 'none';
  const version = first.handlerVersion === null ? '' : `, ${calls === 1 ? '' : 'first '}with v${first.handlerVersion}`;
  return `${times}${calls === 1 ? ' at' : ' since'} ${clock(first.startedAt)}${version}`;
}

/** Returns true for a run of code that its endpoint takes from the default version of a handler, as it was at that time. */
export const followsDefault = (
  { handlerPath, handlerVersion }: Pick<Run, 'handlerPath' | 'handlerVersion'>,
  { handler }: Pick<Endpoint, 'handler'>,
): boolean => handlerVersion !== null && handler.path === handlerPath && handler.version === null;
