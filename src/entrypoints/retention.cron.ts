import { enforceRetention } from '../core/retention/enforce-retention';
import type { Context } from '../core/context';

/** Every five minutes: what is over its time goes, and calls that never ended are marked. */
export async function onSchedule(ctx: Pick<Context, 'store' | 'settings' | 'now'>): Promise<void> {
  const swept = await enforceRetention(ctx);
  console.log(JSON.stringify({ level: 'info', message: 'retention', ...swept }));
}
