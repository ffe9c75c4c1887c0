/** Columns of batches that only grow. `high` is the latest start in all batches up to this one, `arrived` the time of its arrival. */
type GrowingColumn = 'high' | 'arrived';

/** Returns the number of the last batch; 0 without any. */
export const newestSeq = (sql: SqlStorage): number =>
  sql.exec<{ seq: number | null }>('select max(seq) as seq from batches').one().seq ?? 0;

/** Returns what the growing columns of the last batch have; 0 without any. */
export function newestOrder(sql: SqlStorage): Record<GrowingColumn, number> {
  const [newest] = sql.exec<Record<GrowingColumn, number>>(
    'select high, arrived from batches order by seq desc limit 1',
  );
  return newest ?? { high: 0, arrived: 0 };
}

/** Returns the first batch with this value or a greater one, by bisection. */
export function firstSeqFrom(sql: SqlStorage, column: GrowingColumn, at: number): number {
  let [low, end] = [1, newestSeq(sql)];
  while (low <= end) {
    const middle = Math.floor((low + end) / 2);
    if (sql.exec<{ value: number }>(`select ${column} as value from batches where seq = ?`, middle).one().value < at)
      low = middle + 1;
    else end = middle - 1;
  }
  return low;
}
