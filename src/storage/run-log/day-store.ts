import type { Position } from '../../kernel/page';
import type { RunEntry, RunFilter, RunStatsQuery, RunTally, StoredRun } from '../../core/runs/run-log';
import { hash32 } from '../../kernel/hash.rules';
import {
  mergeBatches,
  NO_RUNS,
  packRuns,
  unpackDetails,
  unpackEntries,
  unpackRuns,
  type RunBatch,
  type SoughtRuns,
} from './batch';
import { firstSeqFrom, newestOrder, newestSeq } from './batch-order';
import { MINUTE_MS, toCounts, type CallCounts } from './counts.rules';
import { listEntries } from './day-list';
import type { DayList } from './day-page';
import { DayCounts, toHourRows } from './day-counts';
import { createStarts } from './day-starts';
import { createDeletedRuns } from './deleted-runs';
import type { Arrived } from './gathering';
import { fitHours, type FoldedDay } from './hour-rows.rules';
import { RecentHashes } from './recent-hashes';
import { Tallies } from './tallies';

/** Rows of hours that an object gives to the index. */
const MAX_ROWS = 20_000;
/** Batches that a tail gets which continues. */
const MAX_ARRIVED = 50;

/** An entry with the JSON text of its detail. */
export type FoundRun = Pick<StoredRun, 'entry' | 'detail'>;

/*
 * `high` is the latest start in all batches up to this one. Batches arrive nearly in order, but not quite: a list that goes back from the
 * newest knows by it which starts the rest can still have. The columns that are compared come before those that are long.
 */
const SCHEMA = `create table if not exists batches (
  seq integer primary key, first integer not null, last integer not null, high integer not null, longest integer not null,
  arrived integer not null, zone text not null, ids blob not null, counts text not null, entries blob not null, details blob not null)`;

type BatchRow = { seq: number; entries: ArrayBuffer; details: ArrayBuffer; ids: ArrayBuffer };

/**
 * The runs of one day and shard, in the database of one Durable Object: a row per batch. Nothing is created before the first run, so that
 * reading a day without runs stores nothing. All methods are synchronous, and each write is one transaction.
 */
export class DayStore {
  readonly #storage: DurableObjectStorage;
  readonly #starts: ReturnType<typeof createStarts>;
  readonly #deleted: ReturnType<typeof createDeletedRuns>;
  readonly #counts: DayCounts;
  readonly #recent = new RecentHashes();
  #exists: boolean;
  #order = { high: 0, arrived: 0 };

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#starts = createStarts(storage.sql);
    this.#deleted = createDeletedRuns(storage.sql);
    this.#counts = new DayCounts(storage.sql);
    this.#exists = storage.sql.exec(`select 1 from sqlite_master where name = 'batches'`).toArray().length > 0;
    if (!this.#exists) return;
    this.#order = newestOrder(storage.sql);
    this.#counts.read();
  }

  get exists(): boolean {
    return this.#exists;
  }
  /** Number of the last batch; 0 without any. */
  get newest(): number {
    return this.#exists ? newestSeq(this.#storage.sql) : 0;
  }
  /** When the last batch arrived, in Unix milliseconds. */
  get arrived(): number {
    return this.#order.arrived;
  }
  get bytes(): number {
    return this.#storage.sql.databaseSize;
  }

  /** Returns ids of stored and of deleted runs, with all of those sought that are. */
  known(sought: SoughtRuns): string[] {
    return this.#exists ? [...this.#idsNear(sought)] : [];
  }

  /** Stores the runs of batches that are not stored yet, as one row where they fit. Returns these. */
  append(arrived: readonly Arrived[], now: number): RunBatch[] {
    this.#create();
    const fresh = mergeBatches(arrived.flatMap(({ batch, isRepeat }) => this.#withoutKnown(batch, isRepeat)));
    const begun = arrived.flatMap(({ batch }) => batch.begun);
    try {
      this.#storage.transactionSync(() => {
        for (const each of fresh) this.#insert(each, now);
        if (begun.length > 0) this.#starts.remove(begun);
        this.#counts.foldMany(newestSeq(this.#storage.sql));
      });
    } catch (error) {
      // State in memory was not undone.
      this.#order = newestOrder(this.#storage.sql);
      this.#counts.read();
      throw error;
    }
    return fresh;
  }

  /** Stores the start of a run, unless its end is stored. */
  begin(run: StoredRun): void {
    this.#create();
    if (this.#find(run.entry.id, run.entry.startedAt) === null) this.#starts.add(run);
  }

  /** Forgets starts whose ends another object has stored. */
  end(ids: readonly string[]): void {
    if (this.#exists) this.#starts.remove(ids);
  }

  /** Finds a run, quickly where its start is known. */
  get(id: string, startedAt: number | null, now: number): FoundRun | null {
    if (!this.#exists) return null;
    const found = this.#find(id, startedAt);
    if (found === null) return this.#starts.get(id, now);
    return { entry: found.entry, detail: unpackDetails(found.row.details)[found.index]! };
  }

  list(filter: RunFilter, before: Position | null, limit: number, now: number): DayList {
    if (!this.#exists) return { entries: [], next: null, batches: 0 };
    return listEntries(
      this.#storage.sql,
      this.#starts.list(now),
      this.#counts.condition(filter),
      filter,
      before,
      limit,
    );
  }

  /** Returns the entries of the newest batches that arrived at `at` (Unix milliseconds) or later, in the order of their arrival. */
  arrivedSince(at: number): { arrived: number; entries: ArrayBuffer }[] {
    if (!this.#exists) return [];
    const rows = this.#storage.sql.exec<{ arrived: number; entries: ArrayBuffer }>(
      'select arrived, entries from batches where seq >= ? order by seq desc limit ?',
      ...[firstSeqFrom(this.#storage.sql, 'arrived', at), MAX_ARRIVED],
    );
    return rows.toArray().toReversed();
  }

  /** Counts runs; null when there are more tallies than an answer may have. */
  stats(query: RunStatsQuery, now: number): RunTally[] | null {
    const tallies = new Tallies(query);
    if (!this.#exists) return [];
    this.#counts.addTo(tallies, query);
    for (const [minute, endpointId, keyId, kind, code, calls, histogram] of this.#countsOfStarts(now))
      tallies.add(minute * MINUTE_MS, endpointId, keyId, { kind, code, calls, histogram, length: histogram.length });
    return tallies.values();
  }

  /**
   * Folds all counts, and returns them by hour, with those of calls that never ended: their starts are in no batch. When an end arrives after
   * all, the day is folded again.
   */
  fold(now: number): FoldedDay {
    if (!this.#exists) return { rows: [], isWhole: true };
    this.#storage.transactionSync(() => this.#counts.fold());
    const starts = toHourRows(this.#countsOfStarts(now));
    const counts = this.#counts;
    return fitHours(function* () {
      yield* counts.hours();
      yield* starts;
    }, MAX_ROWS);
  }

  /** Deletes a record for good. Its counts remain, and so does its batch. */
  remove(id: string, startedAt: number | null, now: number): void {
    if (!this.#exists) return;
    const found = this.#find(id, startedAt);
    if (found === null) return this.#removeStart(id, now);
    const kept = unpackRuns(found.row).filter(({ entry }) => entry.id !== id);
    const [batch] = packRuns(kept);
    const { ids, entries, details } = batch ?? NO_RUNS;
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(
        'update batches set ids = ?, entries = ?, details = ? where seq = ?',
        ...[ids, entries, details, found.row.seq],
      );
      this.#deleted.add(id);
    });
  }

  /** Deletes the start of a call that never ended, and keeps its count as that of a batch without records. */
  #removeStart(id: string, now: number): void {
    const start = this.#starts.get(id, now);
    if (start === null) return;
    this.#storage.transactionSync(() => {
      for (const batch of packRuns([{ ...start, hasBegun: false }])) this.#insert({ ...batch, ...NO_RUNS }, now);
      this.#starts.remove([id]);
      this.#deleted.add(id);
    });
  }

  async deleteAll(): Promise<number> {
    const runs = this.#exists ? this.#count() : 0;
    await this.#storage.deleteAll();
    this.#exists = false;
    this.#order = { high: 0, arrived: 0 };
    this.#recent.clear();
    return runs;
  }

  #countsOfStarts(now: number): CallCounts {
    return toCounts(this.#starts.list(now).map(({ entry }) => entry));
  }

  #create(): void {
    if (this.#exists) return;
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(SCHEMA);
      this.#starts.create();
      this.#counts.create();
    });
    this.#exists = true;
  }

  #count(): number {
    const { runs } = this.#storage.sql
      .exec<{ runs: number }>('select coalesce(sum(length(ids)), 0) / 4 as runs from batches')
      .one();
    return runs;
  }

  #insert(batch: RunBatch, now: number): void {
    const { first, last, longest, zone, ids, counts, entries, details } = batch;
    // The clock of the object may have been set back.
    const arrived = Math.max(this.#order.arrived, now);
    const high = Math.max(this.#order.high, last);
    this.#storage.sql.exec(
      `insert into batches (first, last, high, longest, arrived, zone, ids, counts, entries, details)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[first, last, high, longest, arrived, zone, ids, JSON.stringify(counts), entries, details],
    );
    this.#order = { high, arrived };
    this.#recent.add(ids);
  }

  /**
   * Returns the batch without the runs that are stored already. Looks them up only for a batch that may have arrived before: sent again, or
   * with an id that arrived a moment ago.
   */
  #withoutKnown(batch: RunBatch, isRepeat: boolean): RunBatch[] {
    if (!isRepeat && !this.#recent.hasAny(batch.ids)) return [batch];
    const known = this.#idsNear(batch);
    if (known.size === 0) return [batch];
    const runs = unpackRuns(batch);
    const fresh = runs.filter(({ entry }) => !known.has(entry.id));
    return fresh.length === runs.length ? [batch] : packRuns(fresh);
  }

  /**
   * Returns the ids of deleted runs and of the stored batches that may share runs with this one. Each is unpacked once, however many they share.
   */
  #idsNear({ ids, first, last }: SoughtRuns): Set<string> {
    const hashes = new Set(ids);
    const found = new Set<string>(this.#deleted.among(hashes));
    const rows = this.#storage.sql.exec<{ ids: ArrayBuffer; entries: ArrayBuffer }>(
      'select ids, entries from batches where seq >= ? and first <= ? and last >= ?',
      ...[firstSeqFrom(this.#storage.sql, 'high', first), last, first],
    );
    for (const row of rows)
      if (new Uint32Array(row.ids).some((hash) => hashes.has(hash)))
        for (const { id } of unpackEntries(row.entries)) found.add(id);
    return found;
  }

  /** Finds a run in the batches whose times include its start. */
  #find(id: string, startedAt: number | null): { row: BatchRow; entry: RunEntry; index: number } | null {
    const hash = hash32(id);
    const [from, first, last] =
      startedAt === null
        ? [0, Infinity, 0]
        : [firstSeqFrom(this.#storage.sql, 'high', startedAt), startedAt, startedAt];
    const columns = 'select seq, ids, entries, details from batches';
    for (const row of this.#storage.sql.exec<BatchRow>(
      `${columns} where seq >= ? and first <= ? and last >= ?`,
      from,
      first,
      last,
    )) {
      if (!new Uint32Array(row.ids).includes(hash)) continue;
      const entries = unpackEntries(row.entries);
      const index = entries.findIndex((entry) => entry.id === id);
      if (index !== -1) return { row, entry: entries[index]!, index };
    }
    return null;
  }
}
