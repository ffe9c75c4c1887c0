import { DurableObject } from 'cloudflare:workers';
import type { Position } from '../kernel/page';
import type { RunFilter, RunStatsQuery, StoredRun } from '../core/runs/run-log';
import type { RunBatch, SoughtRuns } from '../storage/run-log/batch';
import type { DayList } from '../storage/run-log/day-page';
import { DayStore, type FoundRun } from '../storage/run-log/day-store';
import type { RunArchivePage } from '../core/runs/run-archive';
import { hasEmptied, NO_RUN_PAGE, readBatches, toBatch, toStarted } from '../storage/run-log/archive';
import { Gathering, type Arrived } from '../storage/run-log/gathering';
import type { FoldedDay } from '../storage/run-log/hour-rows.rules';
import { parseName } from '../storage/run-log/place.rules';
import { packArrival } from '../storage/run-log/arrival.rules';
import { createLogger } from '../kernel/logger';
import type { RunIndex } from './run-index.do';

const log = createLogger('runs');

/** `full`: the object has reached its size, and the next part of the day takes the runs. */
export type StoreOutcome = 'stored' | 'full';

/** The runs of one day and shard, or of a part of them. Its name is its place. */
export class RunDay extends DurableObject<Env> {
  readonly #store: DayStore;
  /** True while the index has listeners. */
  #isHeard = false;
  #entered: Promise<void> | null = null;
  readonly #gathering = new Gathering((batches) => this.#append(batches));

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new DayStore(ctx.storage);
  }

  /**
   * Stores a batch, a small one together with those of the next `gatherMs`, unless the object has `maxBytes`. Rejects when the index cannot be
   * reached: a day that it lacks would not be listed.
   */
  async append(batch: RunBatch, isRepeat: boolean, maxBytes: number, gatherMs: number): Promise<StoreOutcome> {
    if (this.#store.bytes >= maxBytes) return 'full';
    await this.#enter();
    await this.#gathering.add({ batch, isRepeat }, gatherMs);
    return 'stored';
  }

  /** Returns ids of stored and of deleted runs, with all of those sought that are, or were about to be stored. */
  async known(sought: SoughtRuns): Promise<string[]> {
    if (this.#entered !== null) await this.#enter();
    await this.#gathering.flush();
    return this.#store.known(sought);
  }

  async begin(run: StoredRun, maxBytes: number): Promise<StoreOutcome> {
    if (this.#store.bytes >= maxBytes) return 'full';
    await this.#enter();
    this.#store.begin(run);
    return 'stored';
  }

  end(ids: readonly string[]): void {
    this.#store.end(ids);
  }

  get(id: string, startedAt: number | null): FoundRun | null {
    return this.#store.get(id, startedAt, Date.now());
  }

  list(filter: RunFilter, before: Position | null, limit: number): DayList {
    return this.#store.list(filter, before, limit, Date.now());
  }

  /** From now on, batches are handed to the index as well. */
  publishAll(): void {
    this.#isHeard = true;
  }

  arrivedSince(at: number): { arrived: number; entries: ArrayBuffer }[] {
    return this.#store.arrivedSince(at);
  }

  /** Returns tallies, or null, as JSON text, which crosses faster than thousands of objects. */
  stats(query: RunStatsQuery): string {
    return JSON.stringify(this.#store.stats(query, Date.now()));
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  /** Folds the counts of a day that is over, and returns them by hour. A run that arrives later enters the index again. */
  async fold(): Promise<FoldedDay> {
    this.#entered = null;
    await this.#gathering.flush();
    return this.#store.fold(Date.now());
  }

  remove(id: string, startedAt: number | null): void {
    this.#store.remove(id, startedAt, Date.now());
  }

  /** Deletes the day. Returns the number of its runs. */
  async forget(): Promise<number> {
    this.#entered = null;
    await this.#gathering.flush();
    return this.#store.deleteAll();
  }

  /** Returns the number of the last batch. */
  newest(): number {
    return this.#store.newest;
  }

  readPage(after: number, last: number): RunArchivePage {
    return this.#store.exists ? readBatches(this.ctx.storage.sql, after, last) : NO_RUN_PAGE;
  }

  /** Stores what a backup has, however large the object becomes: its runs must be where their ids say. */
  async writePage({ batches, starts }: RunArchivePage): Promise<void> {
    for (const batch of batches)
      if (!this.#store.exists || !hasEmptied(this.ctx.storage.sql, batch))
        await this.append(toBatch(batch), true, Infinity, 0);
    for (const start of starts) await this.begin(toStarted(start), Infinity);
  }

  #append(batches: readonly Arrived[]): void {
    const fresh = this.#store.append(batches, Date.now());
    const { arrived } = this.#store;
    if (this.#isHeard)
      for (const { entries } of fresh) this.ctx.waitUntil(this.#publish(packArrival(arrived, entries)));
  }

  /** Enters the index, once per start of the object and after each fold; the next run tries again when that fails. */
  async #enter(): Promise<void> {
    for (;;) {
      const entered = (this.#entered ??= this.#enterOnce());
      await entered;
      // A fold that has begun by now does not have the run that enters.
      if (this.#entered === entered) return;
    }
  }

  #enterOnce(): Promise<void> {
    return this.#index()
      .enter(parseName(this.ctx.id.name!))
      .then((isHeard) => void (this.#isHeard ||= isHeard))
      .catch((error: unknown) => {
        this.#entered = null;
        throw error;
      });
  }

  /** Tells the index of a batch, until it has no listeners. One that is not told is in the list all the same. */
  async #publish(arrival: Uint8Array): Promise<void> {
    try {
      this.#isHeard = await this.#index().publish(arrival);
    } catch (error) {
      log.warn('a batch was not handed to live tails', { event: 'run_tail.missed', error });
    }
  }

  #index(): DurableObjectStub<RunIndex> {
    return this.env.RUN_INDEX.getByName('index');
  }
}
