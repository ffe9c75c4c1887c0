import type { RunFilter, RunStatsQuery } from '../../core/runs/run-log';
import { addAll } from '../../kernel/histogram.rules';
import { CountReader } from './count-reader';
import { HOUR_MS, MINUTE_MS, type CallCount, type CallCounts } from './counts.rules';
import { sumCounts, type HourCount, type HourRow } from './hour-rows.rules';
import { OUTCOME_CODES } from './outcome-codes.rules';
import type { Tallies } from './tallies';

/** Batches whose counts are read from their rows: then they are folded, which writes a row for each endpoint, key and hour. */
const MAX_UNFOLDED = 500;

type MinuteCount = [minute: number, ...HourCount];

type CountsRow = HourRow & { minutes: string };

/** Returns a table with counts by hour; `minutes`, where it has them, is a JSON list of MinuteCount. */
export const countsTable = (name: string, more: string): string =>
  `create table if not exists ${name} (hour integer, endpoint text, key text, ${more}) without rowid`;

/** The counters of a day: those of the latest batches in their rows, the others folded into hours. */
export class DayCounts {
  readonly #sql: SqlStorage;
  #folded = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(countsTable('counts', 'total text, minutes text, primary key (hour, endpoint, key)'));
    this.#sql.exec('create table if not exists folded (seq integer not null)');
    this.#sql.exec('insert into folded values (0)');
    this.#folded = 0;
  }

  read(): void {
    this.#folded = this.#sql.exec<{ seq: number }>('select seq from folded').one().seq;
  }

  /** Folds when enough batches have arrived; call it within their transaction. */
  foldMany(newest: number): void {
    if (newest - this.#folded >= MAX_UNFOLDED) this.fold();
  }

  /** Moves the counts of all batches into hours. */
  fold(): void {
    const hours = new Map<string, Map<string, MinuteCount>>();
    const { newest, sums } = this.#sumUnfolded();
    for (const [minute, endpointId, keyId, ...count] of sums.values()) {
      const name = JSON.stringify([Math.floor(minute / 60), endpointId, keyId]);
      const minutes = hours.get(name) ?? new Map<string, MinuteCount>();
      hours.set(name, minutes);
      add(minutes, [minute % 60, ...count]);
    }
    for (const [name, minutes] of hours) this.#write(JSON.parse(name) as [number, string, string], minutes);
    this.#sql.exec('update folded set seq = ?', newest);
    this.#folded = newest;
  }

  addTo(tallies: Tallies, { since, until, stepMs, endpointId }: RunStatsQuery): void {
    const isFine = stepMs < HOUR_MS || since % HOUR_MS !== 0 || until % HOUR_MS !== 0;
    const rows = this.#sql.exec<{ hour: number; endpoint: string; key: string; counts: string }>(
      `select hour, endpoint, key, ${isFine ? 'minutes' : 'total'} as counts from counts
       where hour between ? and ? ${endpointId === undefined ? '' : 'and endpoint = ?'}`,
      ...[Math.floor(since / HOUR_MS), Math.floor(until / HOUR_MS), ...(endpointId === undefined ? [] : [endpointId])],
    );
    for (const { hour, endpoint, key, counts } of rows) {
      const read = new CountReader(counts, 2);
      while (read.next()) tallies.add(hour * HOUR_MS + read.minute * MINUTE_MS, endpoint, key, read);
    }
    for (const { counts } of this.#unfolded()) {
      const read = new CountReader(counts, 4);
      while (read.next()) tallies.add(read.minute * MINUTE_MS, read.endpointId, read.keyId, read);
    }
  }

  /**
   * Returns when the runs of an endpoint or an outcome started, as far as the folded counts know it: a condition on batches, and its
   * values. null for other filters. A rare outcome is found without a look at the zones of the whole day.
   */
  condition({ endpointId, outcomes }: RunFilter): [sql: string, values: number[]] | null {
    if (endpointId === undefined && outcomes === undefined) return null;
    const codes = (outcomes ?? []).map((outcome) => `,"${OUTCOME_CODES[outcome]}",`);
    const rows = this.#sql.exec<{ hour: number }>(
      `select distinct hour from counts where (${endpointId === undefined ? 'true' : 'endpoint = ?'})
       and (${codes.length === 0 ? 'true' : codes.map(() => 'instr(total, ?) > 0').join(' or ')}) order by hour`,
      ...[...(endpointId === undefined ? [] : [endpointId]), ...codes],
    );
    const ranges: [from: number, to: number][] = [];
    for (const { hour } of rows) {
      const last = ranges.at(-1);
      if (last?.[1] === hour) last[1] += 1;
      else ranges.push([hour, hour + 1]);
    }
    const times = ranges.map(([from, to]) => [from * HOUR_MS, to * HOUR_MS]);
    return [`(seq > ?${times.map(() => ' or last >= ? and first < ?').join('')})`, [this.#folded, ...times.flat()]];
  }

  /** Reads the counts of all hours, without their minutes. */
  hours(): Iterable<HourRow> {
    return this.#sql.exec<HourRow>('select hour, endpoint, key, total from counts');
  }

  /** Reads the counts of the batches that are not folded: at most 500. */
  #unfolded(): Iterable<{ seq: number; counts: string }> {
    return this.#sql.exec<{ seq: number; counts: string }>(
      'select seq, counts from batches where seq > ? order by seq',
      this.#folded,
    );
  }

  /** Adds up the counts that are not folded. */
  #sumUnfolded(): { newest: number; sums: Map<string, CallCount> } {
    const sums = new Map<string, CallCount>();
    let newest = this.#folded;
    for (const { seq, counts } of this.#unfolded()) {
      newest = seq;
      for (const [minute, endpointId, keyId, kind, code, calls, histogram] of JSON.parse(counts) as CallCounts) {
        const name = `${minute} ${endpointId} ${keyId} ${kind} ${code}`;
        const known = sums.get(name);
        if (known === undefined) sums.set(name, [minute, endpointId, keyId, kind, code, calls, histogram]);
        else {
          known[5] += calls;
          addAll(known[6], histogram);
        }
      }
    }
    return { newest, sums };
  }

  #write([hour, endpoint, key]: [number, string, string], minutes: Map<string, MinuteCount>): void {
    const where = 'where hour = ? and endpoint = ? and key = ?';
    const [known] = this.#sql.exec<CountsRow>(`select minutes from counts ${where}`, hour, endpoint, key);
    for (const count of JSON.parse(known?.minutes ?? '[]') as MinuteCount[]) add(minutes, count);
    const list = [...minutes.values()];
    this.#sql.exec(
      'insert or replace into counts (hour, endpoint, key, total, minutes) values (?, ?, ?, ?, ?)',
      ...[hour, endpoint, key, JSON.stringify(totalOf(list)), JSON.stringify(list)],
    );
  }
}

function add(minutes: Map<string, MinuteCount>, [minute, kind, code, calls, histogram]: MinuteCount): void {
  const name = `${minute} ${kind} ${code}`;
  const known = minutes.get(name);
  if (known === undefined) return void minutes.set(name, [minute, kind, code, calls, [...histogram]]);
  known[3] += calls;
  addAll(known[4], histogram);
}

const totalOf = (list: readonly MinuteCount[]): HourCount[] => sumCounts(list.map(([, ...count]) => count));

/** Converts counts to rows by hour: several of one hour, endpoint and key are to be added up. */
export const toHourRows = (counts: CallCounts): HourRow[] =>
  counts.map(([minute, endpoint, key, ...count]) => ({
    ...{ hour: Math.floor(minute / 60), endpoint, key },
    total: JSON.stringify([count]),
  }));
