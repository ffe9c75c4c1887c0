import { enforceRetention } from '../core/retention/enforce-retention';
import { dropOrphanedTables } from '../core/retention/drop-orphaned-tables';
import { tendRuns } from '../core/graph/run/tend-runs';
import type { Context } from '../core/context';

/** Every five minutes: what is over its time goes, calls that never ended are marked, runs of graphs that were lost are ended, orphaned tables dropped. */
export async function onSchedule(ctx: Pick<Context, 'store' | 'settings' | 'now' | 'graphRuns'>): Promise<void> {
  const swept = await enforceRetention(ctx);
  const tended = await tendRuns(ctx);
  const orphanedTables = await dropOrphanedTables(ctx);
  console.log(JSON.stringify({ level: 'info', message: 'retention', ...swept, graphs: tended, orphanedTables }));
}
