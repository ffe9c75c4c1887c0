import type { RunEntry, RunList } from '../core/runs/run-log';
import type { Position } from '../kernel/page';
import { isOlder } from '../storage/run-log/day-list';
import { byNewest, type DayList } from '../storage/run-log/day-page';
import { endOfDay, type RunPlace } from '../storage/run-log/place.rules';

/** Objects that one list asks, far below the subrequests of a request; the next page continues. */
const MAX_OBJECTS = 200;
/** After every id of the same time. */
const END = '~';

/**
 * Lists day after day, newest first, until the page is full, an object has used up its budget, or all days together have read `budget`
 * batches.
 */
export async function listDays(
  places: readonly RunPlace[],
  limit: number,
  budget: number,
  listOne: (place: RunPlace) => Promise<DayList>,
): Promise<RunList> {
  const entries: RunEntry[] = [];
  let asked = 0;
  let read = 0;
  for (const day of new Set(places.map((place) => place.day))) {
    const own = places.filter((place) => place.day === day);
    const isSpent = read >= budget || (asked > 0 && asked + own.length > MAX_OBJECTS);
    if (isSpent) return { entries, next: { at: endOfDay(day) - 1, id: END } };
    asked += own.length;
    const lists = await Promise.all(own.map(listOne));
    read += lists.reduce((sum, { batches }) => sum + batches, 0);
    const merged = merge(lists, limit);
    entries.push(...merged.entries);
    if (merged.next !== null || entries.length >= limit) return cut(entries, limit, merged.next);
  }
  return { entries, next: null };
}

/** Merges the lists of objects of one day. What is older than the place where one of them stopped may be incomplete. */
function merge(lists: readonly RunList[], limit: number): RunList {
  const stops = lists.flatMap(({ next }) => next ?? []);
  const stop = stops.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))[0] ?? null;
  const entries = lists.flatMap((list) => list.entries).toSorted(byNewest);
  return cut(stop === null ? entries : entries.filter((entry) => !isOlder(entry, stop)), limit, stop);
}

function cut(entries: RunEntry[], limit: number, next: Position | null): RunList {
  if (entries.length <= limit && next !== null) return { entries, next };
  const kept = entries.slice(0, limit);
  const last = kept.at(-1);
  return {
    entries: kept,
    next: last === undefined || kept.length < limit ? next : { at: last.startedAt, id: last.id },
  };
}
