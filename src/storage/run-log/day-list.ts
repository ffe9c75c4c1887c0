import type { Position } from '../../kernel/page';
import type { RunEntry, RunFilter, RunList, StoredRun } from '../../core/runs/run-log';
import { inflate, unpackEntries } from './batch';
import { matches, textSearch } from './filter.rules';
import { zoneGroups } from './zone.rules';

/** Batches that one list reads, and of those in which it searches for a text, which costs ten times as much. */
const MAX_BATCHES = 2000;
const MAX_SEARCHED = 200;

/** Batches that a list reads: of one object at most, and of all its objects until it stops after a day. */
export const budgetOf = ({ text }: RunFilter): number => (text === undefined ? MAX_BATCHES : MAX_SEARCHED);

/** A part of the list of one object, with the number of batches that were read for it. */
export interface DayList extends RunList {
  batches: number;
}

type ListRow = { last: number; high: number; entries: ArrayBuffer; details?: ArrayBuffer };
type Found = Pick<StoredRun, 'entry' | 'detail'>;

/** After every id of the same time. */
const END_OF_TIME = '~';

/** Newest first; of one millisecond, the greatest id first. */
export const byNewest = (a: RunEntry, b: RunEntry): number =>
  b.startedAt - a.startedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

export const isOlder = (entry: RunEntry, { at, id }: Position): boolean =>
  entry.startedAt < at || (entry.startedAt === at && entry.id < id);

/**
 * Lists entries older than `before`, newest first, from the batches whose times fit `when` and whose zones fit the filter. Goes back from the newest batch until no
 * earlier one can have a newer start than the last entry of the page.
 */
export function listEntries(
  sql: SqlStorage,
  starts: readonly Found[],
  when: [sql: string, values: number[]] | null,
  filter: RunFilter,
  before: Position | null,
  limit: number,
): DayList {
  const search = filter.text === undefined ? null : textSearch(filter.text);
  const fits = (entry: RunEntry): boolean => matches(entry, filter) && (before === null || isOlder(entry, before));
  const found = starts
    .filter(({ entry, detail }) => fits(entry) && (search === null || search.has(detail)))
    .map(({ entry }) => entry);
  const budget = budgetOf(filter);
  let read = 0;
  for (const row of sql.exec<ListRow>(...statementOf(filter, when, before))) {
    // Earlier batches have no start after `high`, so what is newer is complete.
    const complete = found.filter(({ startedAt }) => startedAt > row.high);
    if (complete.length >= limit) break;
    // Ends between two milliseconds, so that the next request gets further.
    if (read >= budget && row.high < (before?.at ?? Infinity))
      return { entries: complete.toSorted(byNewest), next: { at: row.high, id: END_OF_TIME }, batches: read };
    read += 1;
    found.push(...entriesIn(row, search).filter(fits));
  }
  const entries = found.toSorted(byNewest).slice(0, limit);
  const last = entries.at(-1);
  const next = last === undefined || entries.length < limit ? null : { at: last.startedAt, id: last.id };
  return { entries, next, batches: read };
}

function entriesIn({ entries, details }: ListRow, search: ReturnType<typeof textSearch> | null): RunEntry[] {
  if (search === null) return unpackEntries(entries);
  const text = inflate(details!);
  if (!search.mayHave(text)) return [];
  const texts = text.split('\n');
  return unpackEntries(entries).filter((_, index) => search.has(texts[index]!));
}

/** Returns the statement, and its values, that selects the batches to read. */
function statementOf(
  filter: RunFilter,
  when: [sql: string, values: number[]] | null,
  before: Position | null,
): [string, ...(string | number)[]] {
  const { since, until, minMs, text } = filter;
  const conditions: [string, string | number][] = [];
  if (before !== null) conditions.push(['first <= ?', before.at]);
  if (until !== undefined) conditions.push(['first < ?', until]);
  if (since !== undefined) conditions.push(['last >= ?', since]);
  if (minMs !== undefined) conditions.push(['longest >= ?', minMs]);
  const groups = zoneGroups(filter);
  const [ranges, times] = when ?? ['true', []];
  const where = [
    ...conditions.map(([sql]) => sql),
    ranges,
    ...groups.map((group) => `(${group.map(() => 'instr(zone, ?) > 0').join(' or ')})`),
  ].join(' and ');
  const columns = `last, high, entries${text === undefined ? '' : ', details'}`;
  return [
    `select ${columns} from batches where ${where} order by seq desc`,
    ...conditions.map(([, value]) => value),
    ...times,
    ...groups.flat(),
  ];
}
