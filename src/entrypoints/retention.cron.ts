import { describeError } from '../kernel/describe-error';
import { enforceRetention } from '../core/retention/enforce-retention';
import { dropOrphanedTables } from '../core/retention/drop-orphaned-tables';
import { reapStalledRuns } from '../plynx/run/reap-stalled-runs';
import type { Context } from '../core/access/context';

type Tending = Pick<Context, 'store' | 'settings' | 'now' | 'graphRuns'>;

/** By the word that the log has for what each did. */
const TASKS: Record<string, (ctx: Tending) => Promise<unknown>> = {
  swept: enforceRetention,
  graphs: reapStalledRuns,
  orphanedTables: dropOrphanedTables,
};

/**
 * Every five minutes: what is over its time goes, calls that never ended are marked, runs of graphs that were lost are ended, orphaned
 * tables dropped. They need different stores, so one that fails keeps none of the others from its turn; the event fails in the end.
 */
export async function onSchedule(ctx: Tending): Promise<void> {
  const done: Record<string, unknown> = {};
  const failures: unknown[] = [];
  for (const [name, task] of Object.entries(TASKS)) {
    try {
      done[name] = await task(ctx);
    } catch (error) {
      failures.push(error);
      console.error(
        JSON.stringify({ level: 'error', message: 'retention failed', task: name, error: describeError(error) }),
      );
    }
  }
  console.log(JSON.stringify({ level: 'info', message: 'retention', ...done }));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of the tasks of retention failed`);
}
