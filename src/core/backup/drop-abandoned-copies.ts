import type { Context } from '../access/context';
import { DAY_MS } from '../../kernel/clock';

/** Tables dropped in one run, of each database; the next run is in five minutes. */
const MAX_TABLES = 20;

/** Checks whether a restore was begun so long ago that its tables are dropped. It has to begin again. */
export const isAbandoned = ({ startedAt }: { startedAt: number }, now: number): boolean => startedAt < now - DAY_MS;

/**
 * Drops the copies of tables of backups and restores that were begun more than a day ago: their commands were ended and not run again, and
 * a copy has the size of the database. Returns the number of tables.
 */
export const dropAbandonedCopies = ({ store, now }: Pick<Context, 'store' | 'now'>): Promise<number> =>
  store.snapshots.sweep(now() - DAY_MS, MAX_TABLES);
