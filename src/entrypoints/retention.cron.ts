import { createLogger, type LogValue } from '../kernel/logger';
import { enforceRetention } from '../core/retention/enforce-retention';
import { recoverLostRuns } from '../core/retention/recover-lost-runs';
import { tendPackageSets } from '../core/retention/tend-package-sets';
import { dropAbandonedCopies } from '../core/backup/drop-abandoned-copies';
import { dropOrphanedTables } from '../core/retention/drop-orphaned-tables';
import { reapStalledRuns } from '../plynx/run/reap-stalled-runs';
import type { Context } from '../core/access/context';

type Tending = Pick<Context, 'store' | 'settings' | 'now' | 'runLog' | 'graphRuns' | 'origin' | 'packageBuilder'>;

const log = createLogger('retention');

/** Tasks by their name in the log. */
const TASKS: Record<string, (ctx: Tending) => Promise<LogValue>> = {
  recoveredRuns: recoverLostRuns,
  swept: async (ctx) => ({ ...(await enforceRetention(ctx)) }),
  graphs: async (ctx) => ({ ...(await reapStalledRuns(ctx)) }),
  orphanedTables: dropOrphanedTables,
  abandonedCopies: dropAbandonedCopies,
  packageSets: async (ctx) => ({ ...(await tendPackageSets(ctx)) }),
};

/**
 * Runs every five minutes: stores runs that were set aside, deletes expired data, ends lost runs of graphs, drops orphaned tables. The tasks use different stores, so a failing
 * one does not stop the others; the event fails in the end.
 */
export async function onSchedule(ctx: Tending): Promise<void> {
  const done: Record<string, LogValue> = {};
  const failures: unknown[] = [];
  for (const [name, task] of Object.entries(TASKS)) {
    try {
      done[name] = await task(ctx);
    } catch (error) {
      failures.push(error);
      log.error('retention failed', { event: 'retention.task_failed', task: name, error });
    }
  }
  log.info('retention', { event: 'retention.done', ...done });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} retention tasks failed`);
}
