import type { RunEntry, StoredRun } from '../../core/runs/run-log';

/** Age at which a run without an end counts as interrupted; a run lasts at most 5 minutes and 30 seconds. */
const INTERRUPTED_AFTER_MS = 15 * 60_000;

type StartRow = { entry: string; detail: string };

/** Runs whose start is stored, one row each, until their end arrives. */
export const createStarts = (sql: SqlStorage) => ({
  create: (): void => {
    sql.exec(
      `create table if not exists starts (id text primary key, entry text not null, detail text not null) without rowid`,
    );
  },
  add: ({ entry, detail }: StoredRun): void => {
    sql.exec(
      'insert or ignore into starts (id, entry, detail) values (?, ?, ?)',
      entry.id,
      JSON.stringify(entry),
      detail,
    );
  },
  remove: (ids: readonly string[]): void => {
    sql.exec('delete from starts where id in (select value from json_each(?))', JSON.stringify(ids));
  },
  get: (id: string, now: number): Pick<StoredRun, 'entry' | 'detail'> | null => {
    const [row] = sql.exec<StartRow>('select entry, detail from starts where id = ?', id);
    return row === undefined ? null : toStart(row, now);
  },
  list: (now: number): Pick<StoredRun, 'entry' | 'detail'>[] =>
    sql
      .exec<StartRow>('select entry, detail from starts')
      .toArray()
      .map((row) => toStart(row, now)),
});

/** A run whose end is long overdue counts as interrupted until it arrives. */
function toStart({ entry, detail }: StartRow, now: number): Pick<StoredRun, 'entry' | 'detail'> {
  const started = JSON.parse(entry) as RunEntry;
  const isOver = started.startedAt < now - INTERRUPTED_AFTER_MS;
  return { entry: isOver ? { ...started, outcome: 'interrupted' } : started, detail };
}
