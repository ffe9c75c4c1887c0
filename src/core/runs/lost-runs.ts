import type { StoredRun } from './run-log';

/** Runs that the run log did not take, in another store, until the cron hands them to the run log. */
export interface LostRuns {
  put: (runs: readonly StoredRun[]) => Promise<void>;
  /**
   * Lists at most `limit` names of what `put` has stored: the oldest and the newest, so that batches which cannot be stored do not hold back
   * the others.
   */
  list: (limit: number) => Promise<string[]>;
  read: (name: string) => Promise<StoredRun[]>;
  remove: (name: string) => Promise<void>;
}
