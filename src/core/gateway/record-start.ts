import type { Context } from '../access/context';
import { unavailable } from '../../kernel/errors';
import { createLogger } from '../../kernel/logger';
import { toStoredRun } from '../runs/stored-run.rules';
import { toStartedRecord } from '../runs/to-run-record';
import type { CallContext, RenderError } from './call';
import { recordRejection, toFinished } from './record-call';

const log = createLogger('gateway');

/**
 * Writes the started record of an audited call, which does not begin without it: then returns the response that refuses the call, and records
 * that. The start may be stored although its confirmation was lost.
 */
export async function recordStart(ctx: Context, call: CallContext, renderError: RenderError): Promise<Response | null> {
  try {
    await ctx.runLog.begin(toStoredRun(toStartedRecord(toFinished(call, call.startedAt))));
    return null;
  } catch (error) {
    log.for(ctx).error('a store does not answer', { event: 'store.unavailable', runId: call.runId, error });
  }
  const refusal = unavailable('The start of this call cannot be recorded.', 1);
  const rendered = renderError(refusal, ctx.requestId, call.headers);
  recordRejection(ctx, call, rendered, refusal, true);
  return rendered.response;
}
