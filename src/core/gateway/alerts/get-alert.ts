import { verb } from '../../access/verb';
import { toIso } from '../../../kernel/clock';
import { findEndpoint } from '../../publishing/endpoints/get-endpoint';
import type { AlertState } from '../../publishing/endpoints/alert.schema';

const OFF: AlertState = { state: 'off', since: null, waiting: null, lastResult: null, lastResultAt: null };

/** Returns whether the alert of an endpoint fires, and what became of its messages. */
export const getAlert = verb('endpoint.read', async (ctx, endpointId: string): Promise<AlertState> => {
  await findEndpoint(ctx, endpointId);
  const row = await ctx.store.alerts.get(endpointId);
  if (!row) return OFF;
  const { firingSince, message, attempts, attemptAt, result, resultAt } = row;
  return {
    state: firingSince === null ? 'ok' : 'firing',
    since: firingSince === null ? null : toIso(firingSince),
    waiting:
      message === null || attemptAt === null
        ? null
        : { type: (JSON.parse(message) as { type: string }).type, attempts, nextAttemptAt: toIso(attemptAt) },
    lastResult: result,
    lastResultAt: resultAt === null ? null : toIso(resultAt),
  };
});
