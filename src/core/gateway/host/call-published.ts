import type { Outcome } from '../../../runtime/types';
import type { CallContext } from '../call';
import { underFormerNames, urlOf } from '../invocation';
import type { Context } from '../../access/context';
import { isFedByQuery } from '../read-parameters';
import { toPairs } from '../urlencoded';
import { ApiError, quoted, unavailable } from '../../../kernel/errors';
import { createLogger } from '../../../kernel/logger';
import { longAsText } from '../../../kernel/long-integers';
import type { GraphFacts } from '../../code/artifact';
import { readObjectId } from '../../../plynx/document/object-id.rules';
import { answerOf, type GraphAnswer, TERMINAL_STATUSES } from '../../../plynx/publish/answer-of';
import { RESERVE_MS, runPublished } from '../../../plynx/publish/run-published';
import { isOutage } from '../../../kernel/outage.rules';
import { pointerSegment } from '../../../kernel/json-pointer';
import { NO_REPORT } from '../../code/no-report';

const log = createLogger('gateway');

/**
 * Performs a call of an endpoint whose handler is a graph: a graph run of its own with the call's parameters, as the endpoint's executor.
 * Answers the outputs, or 202 with the address to poll: the endpoint itself, with `?run=<id>`. Throws for a canceled run.
 */
export async function callPublished(ctx: Context, call: CallContext, facts: GraphFacts): Promise<Outcome | ApiError> {
  try {
    const asked = toPairs(call.request.query).get('run');
    if (asked !== null) return await look(ctx, call, asked);
    const { id: endpointId, limits } = call.definition;
    const until = call.admittedAt + limits.timeoutMs - RESERVE_MS;
    const run = await runPublished(asExecutor(ctx, call), { facts, params: paramsOf(call), endpointId, until });
    switch (run.kind) {
      case 'ended':
        return ofEnd(run.answer);
      case 'going':
        return later(call, run.graph);
      case 'invalid':
        return invalid(run.issues, isFedByQuery(call) ? 'query' : 'body');
      case 'gone':
        return failed('GraphGone', 'the published graph has been deleted');
    }
  } catch (error) {
    if (error instanceof ApiError) return error.code === 'rate_limited' ? error : failed(error.code, error.message);
    if (!isOutage(error)) throw error;
    log.for(ctx).error('a store does not answer', { event: 'store.unavailable', runId: call.runId, error });
    return unavailable('Portico cannot reach its storage at the moment.', 5);
  }
}

/** A graph counts as JavaScript does. */
const paramsOf = (call: CallContext): Record<string, unknown> =>
  longAsText(underFormerNames(call)) as Record<string, unknown>;

const BASE = {
  cold: false,
  drain: null,
  report: NO_REPORT,
};
const json = (status: number, body: object, headers: [string, string][] = []): Outcome => ({
  ...BASE,
  kind: 'text',
  format: 'json',
  status,
  headers,
  body: JSON.stringify(body),
});
const failed = (name: string, message: string): Outcome => ({
  ...BASE,
  kind: 'failed',
  error: { name, message, stack: '' },
});

const invalid = (issues: { name: string; code: string; message: string }[], place: string): Outcome => ({
  ...BASE,
  kind: 'invalid',
  issues: issues.map(({ name, code, message }) => ({
    pointer: `#/${place}${pointerSegment(quoted(name))}`,
    code,
    message,
  })),
});

/** Returns the response for a run that has ended, whether the caller waited for it or polled. */
function ofEnd(answer: GraphAnswer): Outcome | ApiError {
  const { graph, status } = answer;
  if (status === 'SUCCESS') return json(200, { ...answer });
  if (status === 'CANCELED') return new ApiError('run_canceled', 'The run was canceled, so it has no result.');
  return failed('GraphFailed', `the run of graph ${graph} ended as ${status}`);
}

/** Opens the context of the executor; the caller makes no difference to what the endpoint may do. */
function asExecutor(ctx: Context, call: CallContext): Context {
  const { executor } = call.definition;
  if (!executor) throw new ApiError('executor_disabled', 'The executor of this endpoint is disabled.');
  const { id, name, roles } = executor;
  return { ...ctx, actor: { kind: 'user', id, name, roles, sessionId: '' } };
}

function later(call: CallContext, id: string): Outcome {
  const run = `${urlOf(call)}?run=${id}`;
  return json(202, { graph: id, status: 'RUNNING', run }, [
    ['location', run],
    ['retry-after', '1'],
  ]);
}

/** Finds a run that this endpoint began earlier. A run of another endpoint and a deleted run give the same error. */
async function look(ctx: Context, call: CallContext, asked: string): Promise<Outcome | ApiError> {
  const id = readObjectId(asked);
  const row = id === undefined ? undefined : await ctx.store.graphs.get(id);
  const absent = {
    error: `Run not found. Runs are kept for ${ctx.settings.retentionDays} days after their end.`,
  };
  if (!row || row.endpointId !== call.definition.id) return json(404, absent);
  if (!TERMINAL_STATUSES.includes(row.status)) return later(call, row.id);
  try {
    return ofEnd(await answerOf(ctx, row.id));
  } catch (error) {
    // The run was deleted between the two reads.
    if (error instanceof ApiError && error.code === 'not_found') return json(404, absent);
    throw error;
  }
}
