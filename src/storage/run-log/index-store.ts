import type { RunStatsQuery, RunTally } from '../../core/runs/run-log';
import { HOUR_MS } from './counts.rules';
import { countsTable, sumCounts, type HourCount, type HourRow } from './day-counts';
import { endOfDay, startOfDay, toName, type RunPlace } from './place.rules';
import { Tallies } from './tallies';

const SCHEMA = [
  `create table if not exists places (day text, shard text, part integer, bytes integer not null default 0,
     isFolded integer not null default 0, primary key (day, shard, part)) without rowid`,
  'create table if not exists names (id text primary key, day text not null, shard text not null) without rowid',
  countsTable('hours', 'place text, total text, primary key (hour, endpoint, key, place)'),
];

/** Rows of hours that one object of a day may have in the index: with more, the keys are added up. */
const MAX_ROWS = 20_000;

/** An object that has runs, its size when it was last measured, and whether its counts are in the index. */
export interface KnownPlace extends RunPlace {
  bytes: number;
  isFolded: boolean;
}

/**
 * The index of the run log, in the database of one Durable Object: which objects have runs, where the runs are whose ids do not say it, and
 * the counts of days that are over, by hour.
 */
export class IndexStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  /** Enters an object; one whose counts were folded is to be folded again. */
  enter({ day, shard, part }: RunPlace): void {
    this.#sql.exec(
      'insert into places (day, shard, part) values (?, ?, ?) on conflict do update set isFolded = 0',
      ...[day, shard, part],
    );
  }

  measure({ day, shard, part }: RunPlace, bytes: number): void {
    this.#sql.exec('update places set bytes = ? where day = ? and shard = ? and part = ?', bytes, day, shard, part);
  }

  /** Replaces the counts of an object. */
  fold(place: RunPlace, rows: readonly HourRow[]): void {
    const name = toName(place);
    this.#storage.transactionSync(() => {
      this.#sql.exec(
        'delete from hours where hour >= ? and hour < ? and place = ?',
        ...[startOfDay(place.day) / HOUR_MS, endOfDay(place.day) / HOUR_MS, name],
      );
      for (const { hour, endpoint, key, total } of rows.length > MAX_ROWS ? withoutKeys(rows) : rows)
        this.#sql.exec('insert into hours values (?, ?, ?, ?, ?)', hour, endpoint, key, name, total);
      this.#sql.exec(
        'update places set isFolded = 1 where day = ? and shard = ? and part = ?',
        ...[place.day, place.shard, place.part],
      );
    });
  }

  /** Forgets an object whose runs are deleted; its counts remain. */
  leave({ day, shard, part }: RunPlace): void {
    this.#sql.exec('delete from places where day = ? and shard = ? and part = ?', day, shard, part);
    this.#sql.exec('delete from names where day = ? and shard = ?', day, shard);
  }

  forgetHours(before: number): void {
    this.#sql.exec('delete from hours where hour < ?', Math.floor(before / HOUR_MS));
  }

  /** Lists the objects of the days `from` to `to`, newest day first. */
  places(from: string, to: string): KnownPlace[] {
    const rows = this.#sql.exec<{ day: string; shard: string; part: number; bytes: number; isFolded: number }>(
      'select * from places where day between ? and ? order by day desc, shard, part',
      ...[from, to],
    );
    return rows.toArray().map((row) => ({ ...row, isFolded: row.isFolded === 1 }));
  }

  /** Counts calls of the days whose counts are folded. */
  stats(query: RunStatsQuery): RunTally[] {
    const tallies = new Tallies(query);
    const rows = this.#sql.exec<HourRow>(
      `select hour, endpoint, key, total from hours where hour >= ? and hour < ?
         ${query.endpointId === undefined ? '' : 'and endpoint = ?'}
         and place not in (select 'runs/' || day || '/' || shard || iif(part = 0, '', '.' || part) from places where isFolded = 0)`,
      ...[Math.floor(query.since / HOUR_MS), Math.ceil(query.until / HOUR_MS)],
      ...(query.endpointId === undefined ? [] : [query.endpointId]),
    );
    for (const { hour, endpoint, key, total } of rows)
      for (const count of JSON.parse(total) as HourCount[]) tallies.add(hour * HOUR_MS, endpoint, key, ...count);
    return tallies.values();
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

/** Adds up the keys of each endpoint and hour. */
function withoutKeys(rows: readonly HourRow[]): HourRow[] {
  const counts = new Map<string, HourCount[]>();
  for (const { hour, endpoint, total } of rows) {
    const name = JSON.stringify([hour, endpoint]);
    const known = counts.get(name) ?? [];
    counts.set(name, sumCounts([...known, ...(JSON.parse(total) as HourCount[])]));
  }
  return [...counts].map(([name, list]) => {
    const [hour, endpoint] = JSON.parse(name) as [number, string];
    return { hour, endpoint, key: '', total: JSON.stringify(list) };
  });
}
