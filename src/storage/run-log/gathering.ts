import type { RunBatch } from './batch';

/** A batch as it arrives. `isRepeat`: an earlier attempt to store it failed, and may have stored it. */
export interface Arrived {
  batch: RunBatch;
  isRepeat: boolean;
}

/** Runs of a batch that is stored alone: most of what a row may hold. */
const LARGE = 50;
/** Runs in a group that wait for no more. */
const FULL = 100;

interface Group {
  batches: Arrived[];
  runs: number;
  stored: Promise<void>;
  close: () => void;
}

/**
 * Gathers small batches of many isolates, so that they are written as one row: where calls are rare in each isolate, every run comes alone,
 * and a row each would be most of the bill. A batch counts as stored when its group is, so nothing is lost with the object.
 */
export class Gathering {
  readonly #store: (batches: readonly Arrived[]) => void;
  #group: Group | null = null;

  constructor(store: (batches: readonly Arrived[]) => void) {
    this.#store = store;
  }

  /** Stores a batch, a small one together with those of the next `waitMs`. Rejects when they cannot be stored. */
  async add(arrived: Arrived, waitMs: number): Promise<void> {
    const runs = arrived.batch.ids.length;
    if (waitMs === 0 || runs >= LARGE) return this.#store([arrived]);
    const group = (this.#group ??= this.#open(waitMs));
    group.batches.push(arrived);
    group.runs += runs;
    if (group.runs >= FULL) group.close();
    return group.stored;
  }

  /** Stores at once what waits. */
  async flush(): Promise<void> {
    const group = this.#group;
    group?.close();
    await group?.stored;
  }

  #open(waitMs: number): Group {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    const batches: Arrived[] = [];
    const close = (): void => {
      clearTimeout(timer);
      this.#group = null;
      resolve();
    };
    const stored = promise.then(() => {
      if (this.#group?.batches === batches) this.#group = null;
      this.#store(batches);
    });
    return { batches, runs: 0, stored, close };
  }
}
