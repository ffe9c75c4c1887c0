import type { RunStatsQuery, RunTally } from '../../core/runs/run-log';
import { CountReader } from './count-reader';
import { HOUR_MS } from './counts.rules';
import { countsTable } from './day-counts';
import type { FoldedDay, HourRow } from './hour-rows.rules';
import { dayOf, endOfDay, startOfDay, toName, type RunPlace } from './place.rules';
import { Tallies } from './tallies';

const SCHEMA = [
  `create table if not exists places (day text, shard text, part integer, bytes integer not null default 0,
     isFolded integer not null default 0, primary key (day, shard, part)) without rowid`,
  'create table if not exists names (id text primary key, day text not null, shard text not null) without rowid',
  countsTable('hours', 'place text, total text, primary key (hour, endpoint, key, place)'),
];

/** Bytes of the index at which the counts of the oldest day make room for those of a new one: half of what an object may have. */
const MAX_BYTES = 5e9;

/** Values of `isFolded`. FOLDING: an object that enters during the fold may have runs that it lacks. */
const FOLDED = 1;
const FOLDED_IN_PART = 2;
const FOLDING = 3;
/** A run has come after the runs of the day were deleted: the counts stay as they were, since the object could only replace them. */
const CLOSED = 4;
/** The runs of the object are being deleted: one that enters before it is forgotten has a run that came after them. */
const LEAVING = 5;
/** The index has all counts. */
const WHOLE = [FOLDED, CLOSED, LEAVING];

/**
 * An object that has runs, its size when it was last measured, and whether its counts are in the index: `isWhole` is false while only the
 * object itself has those of every endpoint and key.
 */
export interface KnownPlace extends RunPlace {
  bytes: number;
  isFolded: boolean;
  isWhole: boolean;
}

/**
 * The index of the run log, in the database of one Durable Object: which objects have runs, where the runs are whose ids do not say it, and
 * the counts of days that are over, by hour.
 */
export class IndexStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #maxBytes: number;

  constructor(storage: DurableObjectStorage, maxBytes: number = MAX_BYTES) {
    this.#storage = storage;
    this.#maxBytes = maxBytes;
    this.#sql = storage.sql;
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  /** Enters an object; one whose counts were folded is to be folded again, unless its runs were deleted since. */
  enter(place: RunPlace): void {
    const { day, shard, part } = place;
    this.#sql.exec(
      `insert into places (day, shard, part, isFolded)
       values (?, ?, ?, iif(exists (select 1 from hours where hour >= ? and hour < ? and place = ?), ${CLOSED}, 0))
       on conflict do update set isFolded = iif(isFolded in (${CLOSED}, ${LEAVING}), ${CLOSED}, 0)`,
      ...[day, shard, part, startOfDay(day) / HOUR_MS, endOfDay(day) / HOUR_MS, toName(place)],
    );
  }

  /** Notes that the counts of an object are about to be read. */
  beginFold(place: RunPlace): void {
    this.#set(place, FOLDING);
  }

  /** Notes that the runs of an object, whose counts are here, are about to be deleted. */
  beginLeave(place: RunPlace): void {
    this.#set(place, LEAVING);
  }

  #set({ day, shard, part }: RunPlace, isFolded: number): void {
    this.#sql.exec(
      'update places set isFolded = ? where day = ? and shard = ? and part = ?',
      ...[isFolded, day, shard, part],
    );
  }

  measure({ day, shard, part }: RunPlace, bytes: number): void {
    this.#sql.exec('update places set bytes = ? where day = ? and shard = ? and part = ?', bytes, day, shard, part);
  }

  /** Replaces the counts of an object. It is to be folded again when it has entered since `beginFold`. */
  fold(place: RunPlace, { rows, isWhole }: FoldedDay): void {
    const name = toName(place);
    this.#storage.transactionSync(() => {
      if (this.#sql.databaseSize > this.#maxBytes) this.#forgetOldestDay();
      this.#sql.exec(
        'delete from hours where hour >= ? and hour < ? and place = ?',
        ...[startOfDay(place.day) / HOUR_MS, endOfDay(place.day) / HOUR_MS, name],
      );
      for (const { hour, endpoint, key, total } of rows)
        this.#sql.exec('insert into hours values (?, ?, ?, ?, ?)', hour, endpoint, key, name, total);
      this.#sql.exec(
        'update places set isFolded = ? where day = ? and shard = ? and part = ? and isFolded <> 0',
        ...[isWhole ? FOLDED : FOLDED_IN_PART, place.day, place.shard, place.part],
      );
    });
  }

  /** Forgets an object whose runs are deleted, unless it has entered since `beginLeave`; its counts remain. */
  leave({ day, shard, part }: RunPlace): void {
    this.#sql.exec(
      `delete from places where day = ? and shard = ? and part = ? and isFolded = ${LEAVING}`,
      ...[day, shard, part],
    );
    this.#sql.exec(
      'delete from names where day = ?1 and shard = ?2 and not exists (select 1 from places where day = ?1 and shard = ?2)',
      ...[day, shard],
    );
  }

  forgetHours(before: number): void {
    this.#sql.exec('delete from hours where hour < ?', Math.floor(before / HOUR_MS));
  }

  /** Deletes the counts of the oldest day. The database does not shrink, and does not grow by as many rows. */
  #forgetOldestDay(): void {
    const { first } = this.#sql.exec<{ first: number | null }>('select min(hour) as first from hours').one();
    if (first !== null) this.#sql.exec('delete from hours where hour < ?', (Math.floor(first / 24) + 1) * 24);
  }

  /** Lists the objects of the days `from` to `to`, newest day first. */
  places(from: string, to: string): KnownPlace[] {
    return this.#placesWhere('day between ? and ?', from, to);
  }

  /** Lists the objects of `day` and later, and earlier ones that have entered since their counts were folded. */
  openPlaces(day: string): KnownPlace[] {
    return this.#placesWhere(`day >= ? or isFolded in (0, ${FOLDING}, ${CLOSED})`, day);
  }

  #placesWhere(condition: string, ...days: string[]): KnownPlace[] {
    const rows = this.#sql.exec<{ day: string; shard: string; part: number; bytes: number; isFolded: number }>(
      `select * from places where ${condition} order by day desc, shard, part`,
      ...days,
    );
    return rows.toArray().map(({ isFolded, ...row }) => ({
      ...row,
      isFolded: isFolded !== 0 && isFolded !== FOLDING,
      isWhole: WHOLE.includes(isFolded),
    }));
  }

  /**
   * Counts calls of the days whose counts the index has whole, and of those whose runs are deleted. null: there are more tallies than an answer
   * may have. `others` are the objects that have the other counts: in the same answer, since a day may be folded at any time.
   */
  stats(query: RunStatsQuery): { tallies: RunTally[] | null; others: KnownPlace[] } {
    const { since, until, endpointId } = query;
    const others = this.places(dayOf(since), dayOf(Math.max(since, until - 1))).filter(({ isWhole }) => !isWhole);
    const tallies = new Tallies(query);
    const rows = this.#sql.exec<HourRow>(
      `select hour, endpoint, key, total from hours where hour >= ? and hour < ?
         ${endpointId === undefined ? '' : 'and endpoint = ?'}
         and place not in (select 'runs/' || day || '/' || shard || iif(part = 0, '', '.' || part) from places where isFolded not in (${WHOLE.join()}))`,
      ...[Math.floor(since / HOUR_MS), Math.ceil(until / HOUR_MS)],
      ...(endpointId === undefined ? [] : [endpointId]),
    );
    for (const { hour, endpoint, key, total } of rows) {
      const read = new CountReader(total, 2);
      while (read.next()) tallies.add(hour * HOUR_MS, endpoint, key, read);
    }
    return { tallies: tallies.values(), others };
  }

  /** Notes where the runs of these ids are. */
  note(ids: readonly string[], { day, shard }: RunPlace): void {
    for (const id of ids) this.#sql.exec('insert or ignore into names values (?, ?, ?)', id, day, shard);
  }

  placeOf(id: string): Omit<RunPlace, 'part'> | null {
    const [row] = this.#sql.exec<{ day: string; shard: string }>('select day, shard from names where id = ?', id);
    return row ?? null;
  }
}
