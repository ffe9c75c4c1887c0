import type { Position } from '../../kernel/page';
import type { RunEntry, RunFilter, StoredRun } from '../../core/runs/run-log';
import { inflate, unpackEntries } from './batch';
import { HOUR_MS } from './counts.rules';
import { DayPage, type DayList } from './day-page';
import { matches, textSearch } from './filter.rules';
import { zoneGroups } from './zone.rules';

/** Batches that one list reads, and of those in which it searches for a text, which costs ten times as much. */
const MAX_BATCHES = 2000;
const MAX_SEARCHED = 200;

/** Batches that a list reads: of one object at most, and of all its objects until it stops after a day. */
export const budgetOf = ({ text }: RunFilter): number => (text === undefined ? MAX_BATCHES : MAX_SEARCHED);

type ListRow = { seq: number; last: number; high: number; entries: ArrayBuffer; details?: ArrayBuffer };
type Condition = [sql: string, values: (string | number)[]];

export const isOlder = (entry: RunEntry, { at, id }: Position): boolean =>
  entry.startedAt < at || (entry.startedAt === at && entry.id < id);

/**
 * Lists entries older than `before`, newest first, from the batches whose times fit `when` and whose zones fit the filter. Goes back from the newest batch until no
 * earlier one can have a newer start than the last entry of the page.
 */
export function listEntries(
  sql: SqlStorage,
  starts: readonly Pick<StoredRun, 'entry' | 'detail'>[],
  when: [sql: string, values: number[]] | null,
  filter: RunFilter,
  before: Position | null,
  limit: number,
): DayList {
  const search = filter.text === undefined ? null : textSearch(filter.text);
  const fits = (entry: RunEntry): boolean => matches(entry, filter) && (before === null || isOlder(entry, before));
  const page = new DayPage(limit, before);
  page.add(starts.flatMap(({ entry, detail }) => (fits(entry) && (search?.has(detail) ?? true) ? [entry] : [])));
  const columns = `seq, last, high, entries${search === null ? '' : ', details'}`;
  for (const { bound, budget, row } of toRead(
    sql,
    columns,
    conditionOf(filter, when, before),
    budgetOf(filter),
    page,
  )) {
    if (page.isFull(bound)) break;
    if (page.batches >= budget && page.canEndAt(bound)) return page.endAt(bound);
    page.read(entriesIn(row, search).filter(fits));
  }
  return page.end();
}

/** A batch, the latest start that it or one after it can have, and the number of batches after which a page may end before it. */
interface Readable {
  bound: number;
  budget: number;
  row: ListRow;
}

/**
 * Yields batches back from the newest: earlier ones have no start after `high`. After a clock that was ahead, that is its time, for the rest of
 * the day. So when a page has used up its budget and is far from `high`, the others follow by their own times, as many again. Sorting them
 * looks at the times of all.
 */
function* toRead(
  sql: SqlStorage,
  columns: string,
  [where, values]: Condition,
  budget: number,
  page: DayPage,
): Generator<Readable, void, void> {
  for (const row of sql.exec<ListRow>(`select ${columns} from batches where ${where} order by seq desc`, ...values)) {
    const isInOrder = row.high - row.last < HOUR_MS && page.canEndAt(row.high);
    if (page.batches < budget || isInOrder) yield { bound: row.high, budget, row };
    else return yield* byTime(sql, columns, [`seq <= ? and ${where}`, [row.seq, ...values]], 2 * budget);
  }
}

function* byTime(
  sql: SqlStorage,
  columns: string,
  [where, values]: Condition,
  budget: number,
): Generator<Readable, void, void> {
  const rows = sql.exec<{ seq: number }>(`select seq from batches where ${where} order by last desc`, ...values);
  for (const { seq } of rows) {
    const row = sql.exec<ListRow>(`select ${columns} from batches where seq = ?`, seq).one();
    yield { bound: row.last, budget, row };
  }
}

function entriesIn({ entries, details }: ListRow, search: ReturnType<typeof textSearch> | null): RunEntry[] {
  if (search === null) return unpackEntries(entries);
  const text = inflate(details!);
  if (!search.mayHave(text)) return [];
  const texts = text.split('\n');
  return unpackEntries(entries).filter((_, index) => search.has(texts[index]!));
}

/** Returns the condition, and its values, for the batches to read. */
function conditionOf(
  { since, until, minMs, ...filter }: RunFilter,
  when: [sql: string, values: number[]] | null,
  before: Position | null,
): Condition {
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
  return [where, [...conditions.map(([, value]) => value), ...times, ...groups.flat()]];
}
