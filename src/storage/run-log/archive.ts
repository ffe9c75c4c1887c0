import type { RunArchivePage } from '../../core/runs/run-archive';
import type { RunEntry, StoredRun } from '../../core/runs/run-log';
import { fromBase64, toBase64 } from '../../kernel/encoding';
import type { RunBatch } from './batch';
import type { CallCounts } from './counts.rules';

/** A page without anything. */
export const NO_RUN_PAGE: RunArchivePage = { batches: [], starts: [], hours: [], names: [], next: null };

/** Bytes of batches in a page, before base64. */
const MAX_BYTES = 3_000_000;
const MAX_INDEX_ROWS = 5000;

type BatchRow = Omit<RunArchivePage['batches'][number], 'ids' | 'entries' | 'details'> &
  Record<'ids' | 'entries' | 'details', ArrayBuffer>;

/** Reads batches of an object after the number `after` up to `last`. The last page has the runs without an end. */
export function readBatches(sql: SqlStorage, after: number, last: number): RunArchivePage {
  const batches: RunArchivePage['batches'] = [];
  let bytes = 0;
  const rows = sql.exec<BatchRow>(
    `select seq, first, last, longest, zone, counts, ids, entries, details from batches where seq > ? and seq <= ? order by seq`,
    ...[after, last],
  );
  for (const { ids, entries, details, ...rest } of rows) {
    bytes += ids.byteLength + entries.byteLength + details.byteLength + rest.counts.length;
    if (bytes > MAX_BYTES && batches.length > 0) return { ...NO_RUN_PAGE, batches, next: batches.at(-1)!.seq };
    batches.push({ ...rest, ids: encode(ids), entries: encode(entries), details: encode(details) });
  }
  const starts = sql.exec<{ entry: string; detail: string }>('select entry, detail from starts').toArray();
  return { ...NO_RUN_PAGE, batches, starts };
}

/** True for a batch whose records were all deleted, when it is stored already: only its counts can tell. */
export const hasEmptied = (sql: SqlStorage, { ids, first, last, counts }: RunArchivePage['batches'][number]): boolean =>
  ids === '' &&
  sql
    .exec('select 1 from batches where length(ids) = 0 and first = ? and last = ? and counts = ?', first, last, counts)
    .toArray().length > 0;

/** Returns a batch as an object of a day takes it. */
export const toBatch = ({
  ids,
  entries,
  details,
  counts,
  first,
  last,
  longest,
  zone,
}: RunArchivePage['batches'][number]): RunBatch => ({
  ...{ first, last, longest, zone },
  counts: JSON.parse(counts) as CallCounts,
  ids: new Uint32Array(fromBase64(ids).slice().buffer),
  entries: fromBase64(entries),
  details: fromBase64(details),
  begun: [],
});

/** Returns a run that has no end yet. */
export const toStarted = ({ entry, detail }: RunArchivePage['starts'][number]): StoredRun => ({
  entry: JSON.parse(entry) as RunEntry,
  detail,
  hasBegun: true,
});

/** Reads rows of the index after the first `after`: counts by hour, then the places of ids. */
export function readIndex(sql: SqlStorage, after: number): RunArchivePage {
  const hours = sql
    .exec<RunArchivePage['hours'][number]>(
      'select * from hours order by hour, endpoint, key, place limit ? offset ?',
      MAX_INDEX_ROWS,
      after,
    )
    .toArray();
  if (hours.length === MAX_INDEX_ROWS) return { ...NO_RUN_PAGE, hours, next: after + MAX_INDEX_ROWS };
  const before = sql.exec<{ rows: number }>('select count(*) as rows from hours').one().rows;
  const names = sql
    .exec<RunArchivePage['names'][number]>(
      'select id, day, shard from names order by id limit ? offset ?',
      MAX_INDEX_ROWS - hours.length,
      Math.max(0, after - before),
    )
    .toArray();
  const read = hours.length + names.length;
  return { ...NO_RUN_PAGE, hours, names, next: read === MAX_INDEX_ROWS ? after + read : null };
}

/** Adds rows of an index that this one does not have. */
export function writeIndex(sql: SqlStorage, { hours, names }: RunArchivePage): void {
  for (const { hour, endpoint, key, place, total } of hours)
    sql.exec('insert or ignore into hours values (?, ?, ?, ?, ?)', hour, endpoint, key, place, total);
  for (const { id, day, shard } of names) sql.exec('insert or ignore into names values (?, ?, ?)', id, day, shard);
}

const encode = (bytes: ArrayBuffer): string => toBase64(new Uint8Array(bytes));
