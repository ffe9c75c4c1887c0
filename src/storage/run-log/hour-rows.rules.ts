import { addAll, type Histogram } from '../../kernel/histogram.rules';

/** Counts of one kind of run with one outcome, in an hour or in the minute of it. */
export type HourCount = [kind: string, code: string, calls: number, histogram: Histogram];

/** Counts of one hour (Unix hours), endpoint and key, as a table has them: `total` is a JSON list of HourCount. */
export type HourRow = { hour: number; endpoint: string; key: string; total: string };

/** The counts of a day for the index. `isWhole` is false when keys or endpoints were added up. */
export interface FoldedDay {
  rows: HourRow[];
  isWhole: boolean;
}

const HOURS = 24;

/** Adds up counts by kind and outcome. */
export function sumCounts(list: Iterable<HourCount>): HourCount[] {
  const sums = new Map<string, HourCount>();
  for (const [kind, code, calls, histogram] of list) {
    const name = `${kind} ${code}`;
    const known = sums.get(name);
    if (known === undefined) {
      sums.set(name, [kind, code, calls, [...histogram]]);
      continue;
    }
    known[2] += calls;
    addAll(known[3], histogram);
  }
  return [...sums.values()];
}

/**
 * Returns the rows that `read` gives, in at most `max`, which is at least 24. Where a day has more, the keys of each endpoint are added up, and
 * then the endpoints with the fewest calls, as those of an endpoint without an id. `read` is called for each pass: a day can have millions.
 */
export function fitHours(read: () => Iterable<HourRow>, max: number): FoldedDay {
  const whole = sumRows(read(), max, (row) => row);
  if (whole !== null) return { rows: whole, isWhole: true };
  const withoutKeys = sumRows(read(), max, ({ endpoint }) => ({ endpoint, key: '' }));
  if (withoutKeys !== null) return { rows: withoutKeys, isWhole: false };
  const kept = busiest(read(), Math.floor(max / HOURS) - 1);
  const rows = sumRows(read(), max, ({ endpoint }) => ({ endpoint: kept.has(endpoint) ? endpoint : '', key: '' }));
  return { rows: rows!, isWhole: false };
}

/** Adds up rows by their hour and group; null for more than `max`. */
function sumRows(
  rows: Iterable<HourRow>,
  max: number,
  groupOf: (row: HourRow) => { endpoint: string; key: string },
): HourRow[] | null {
  const sums = new Map<string, HourRow>();
  for (const row of rows) {
    const { endpoint, key } = groupOf(row);
    const name = `${row.hour} ${endpoint} ${key}`;
    const known = sums.get(name);
    if (known !== undefined) known.total = addTotals(known.total, row.total);
    else if (sums.size === max) return null;
    else sums.set(name, { hour: row.hour, endpoint, key, total: row.total });
  }
  return [...sums.values()];
}

const countsOf = (total: string): HourCount[] => JSON.parse(total) as HourCount[];

const addTotals = (total: string, more: string): string =>
  JSON.stringify(sumCounts([...countsOf(total), ...countsOf(more)]));

/** Returns the endpoints with the most calls, at most `max`. */
function busiest(rows: Iterable<HourRow>, max: number): Set<string> {
  const calls = new Map<string, number>();
  for (const { endpoint, total } of rows) {
    const own = countsOf(total).reduce((sum, [, , count]) => sum + count, 0);
    calls.set(endpoint, (calls.get(endpoint) ?? 0) + own);
  }
  const sorted = [...calls].toSorted(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, max).map(([endpoint]) => endpoint));
}
