import type { RunEntry, RunList } from '../../core/runs/run-log';
import type { Position } from '../../kernel/page';

/** A part of the list of one object, with the number of batches that were read for it. */
export interface DayList extends RunList {
  batches: number;
}

/** After every id of the same time. */
const END_OF_TIME = '~';
/** Entries above the limit that are kept until they are sorted: all of a day that is out of order would not fit into memory. */
const MAX_SPARE = 1000;

/** Newest first; of one millisecond, the greatest id first. */
export const byNewest = (a: RunEntry, b: RunEntry): number =>
  b.startedAt - a.startedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Entries that were found for one page, and the number of batches that were read for them. */
export class DayPage {
  batches = 0;
  #found: RunEntry[] = [];
  readonly #limit: number;
  readonly #before: number;

  constructor(limit: number, before: Position | null) {
    this.#limit = limit;
    this.#before = before?.at ?? Infinity;
  }

  /** Adds what a batch has for the page. */
  read(entries: readonly RunEntry[]): void {
    this.batches += 1;
    this.add(entries);
  }

  add(entries: readonly RunEntry[]): void {
    this.#found.push(...entries);
    if (this.#found.length > this.#limit + MAX_SPARE)
      this.#found = this.#found.toSorted(byNewest).slice(0, this.#limit);
  }

  /** Returns true when batches without a start after `bound` cannot change the page. */
  isFull(bound: number): boolean {
    return this.#after(bound).length >= this.#limit;
  }

  /** Returns true when a page that ends at `bound` brings the next one further: it ends between two milliseconds. */
  canEndAt(bound: number): boolean {
    return bound < this.#before;
  }

  /** Returns what is complete when the batches that were not read have no start after `bound`. */
  endAt(bound: number): DayList {
    const entries = this.#after(bound).toSorted(byNewest);
    return { entries, next: { at: bound, id: END_OF_TIME }, batches: this.batches };
  }

  /** Returns the page when no other batch can change it. */
  end(): DayList {
    const entries = this.#found.toSorted(byNewest).slice(0, this.#limit);
    const last = entries.at(-1);
    const next = last === undefined || entries.length < this.#limit ? null : { at: last.startedAt, id: last.id };
    return { entries, next, batches: this.batches };
  }

  #after(bound: number): RunEntry[] {
    return this.#found.filter(({ startedAt }) => startedAt > bound);
  }
}
