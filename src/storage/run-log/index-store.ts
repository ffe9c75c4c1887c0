import type { RunPlace } from './place.rules';

const SCHEMA = [
  'create table if not exists places (day text, shard text, part integer, primary key (day, shard, part)) without rowid',
  'create table if not exists names (id text primary key, day text not null, shard text not null) without rowid',
];

type PlaceRow = { day: string; shard: string; part: number };

/** The index of the run log, in the database of one Durable Object: which objects have runs, and which has a run whose id does not say it. */
export class IndexStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  add({ day, shard, part }: RunPlace): void {
    this.#sql.exec('insert or ignore into places values (?, ?, ?)', day, shard, part);
  }

  remove({ day, shard, part }: RunPlace): void {
    this.#sql.exec('delete from places where day = ? and shard = ? and part = ?', day, shard, part);
    this.#sql.exec('delete from names where day = ? and shard = ?', day, shard);
  }

  /** Lists the objects of the days `from` to `to`, newest day first. */
  places(from: string, to: string): RunPlace[] {
    return this.#sql
      .exec<PlaceRow>('select * from places where day between ? and ? order by day desc, shard, part', from, to)
      .toArray();
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
