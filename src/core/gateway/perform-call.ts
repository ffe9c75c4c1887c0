import type { Bundle, Drain, Outcome } from '../../runtime/types';
import type { Context } from '../access/context';
import { ApiError, unavailable } from '../../kernel/errors';
import { callPublished } from './host/call-published';
import { OPERATIONS } from './host/operations';
import { Outlet } from './host/outlet';
import { toAnswer } from './answer.rules';
import { answerFromCache, keepInCache } from './cached-answer';
import type { CallContext, RenderError } from './call';
import { toInvocation } from './invocation';
import { messageTooLarge } from './read-body';
import { hasBegun } from './record-call';
import { recordStart } from './record-start';
import { runAfter } from './run-after';
import { runErrorHandler } from './run-error-handler';
import { runMiddleware } from './run-middleware';
import { answerError, answerRefusal, policyOf, send } from './send-answer';

/** Performs steps 8 to 11 of an admitted call: runs the middleware and the handler, rebuilds the response, and records the run. */
export async function performCall(ctx: Context, call: CallContext, renderError: RenderError): Promise<Response> {
  if (call.bundle === null)
    return answerError(
      ctx,
      call,
      renderError,
      new ApiError('handler_error', 'The handler of this endpoint has no deployed version.'),
    );
  const unrecorded = hasBegun(call) ? await recordStart(ctx, call, renderError) : null;
  if (unrecorded !== null) return unrecorded;
  call.admittedAt = ctx.now();
  call.outlet = new Outlet(ctx, call, OPERATIONS);
  let { timeoutMs } = call.definition.limits;
  if (call.definition.middleware.length > 0) {
    const refusal = await runMiddleware(ctx, call);
    if (refusal instanceof ApiError) return answerError(ctx, call, renderError, refusal);
    if (refusal !== null) return answerRefusal(ctx, call, renderError, refusal);
    // Their time counts toward the caller's timeout.
    timeoutMs = Math.max(1, timeoutMs - (ctx.now() - call.admittedAt));
  }
  const { cache } = call.definition;
  if (cache !== null) {
    const cached = await answerFromCache(ctx, call, cache);
    if (cached !== null) return cached;
  }
  if (call.claimed !== null) call.claimed.hasRun = true;
  const invoked = await invoke(ctx, call, call.bundle, timeoutMs);
  const outcome = call.definition.after.length === 0 ? invoked : await changed(ctx, call, invoked);
  // The caller is asked to try again.
  if (call.claimed !== null && !(outcome instanceof ApiError) && outcome.kind === 'replaced')
    call.claimed.hasRun = false;
  if (outcome instanceof ApiError) return answerError(ctx, call, renderError, outcome);
  if (outcome.kind === 'text' || outcome.kind === 'response') {
    const answer = toAnswer(outcome, policyOf(call));
    if (answer.kind === 'ok') {
      const sent = cache === null || call.view === null ? answer : keepInCache(ctx, call, cache, outcome, answer);
      return send(ctx, call, outcome, sent);
    }
    // A body that must not be sent is never read.
    if (outcome.kind === 'response') ctx.defer(outcome.response.body?.cancel() ?? Promise.resolve());
    return answerFailure(ctx, call, renderError, badResponse(answer.reason), outcome);
  }
  return answerFailure(ctx, call, renderError, toApiError(outcome, call.definition.limits.timeoutMs), outcome);
}

/** Returns an answer as the handlers of `response.after` change it. */
function changed(
  ctx: Context,
  call: CallContext,
  outcome: Outcome | ApiError,
): Outcome | ApiError | Promise<Outcome | ApiError> {
  const isAnswer = !(outcome instanceof ApiError) && (outcome.kind === 'text' || outcome.kind === 'response');
  return isAnswer ? runAfter(ctx, call, outcome) : outcome;
}

/** Errors that are the handler's own, and no refusal of the call. */
const FAILURES: readonly ApiError['code'][] = ['handler_error', 'handler_timeout', 'handler_bad_response'];

/** Answers a failure of the handler: by the error handler of the endpoint, or with the problem where there is none or it fails, too. */
async function answerFailure(
  ctx: Context,
  call: CallContext,
  renderError: RenderError,
  error: ApiError,
  outcome: Outcome,
): Promise<Response> {
  const { onError } = call.definition;
  if (onError === null || !FAILURES.includes(error.code)) return answerError(ctx, call, renderError, error, outcome);
  const problem = renderError(error, ctx.requestId, call.headers);
  const answer = await runErrorHandler(ctx, call, onError, problem);
  if (answer.kind === 'bad') return answerError(ctx, call, renderError, error, outcome, [answer.reason]);
  return send(ctx, call, { ...outcome, drain: bothOf(outcome, answer.drain) }, answer, error);
}

/** Drains a failed handler, and its error handler, whose report is in the run by itself. */
function bothOf({ drain, report }: Outcome, ofErrorHandler: Drain | null): Drain | null {
  if (ofErrorHandler === null) return drain;
  return async () => {
    void ofErrorHandler();
    return drain === null ? report : drain();
  };
}

/** A published graph has no code to run in an isolate: it runs like any graph. */
function invoke(ctx: Context, call: CallContext, bundle: Bundle, timeoutMs: number): Promise<Outcome | ApiError> {
  const { graph } = bundle.artifact;
  if (graph) return callPublished(ctx, call, graph);
  return ctx.runtime.invoke(bundle, call.plan, toInvocation(ctx, call, bundle), timeoutMs);
}

const badResponse = (reason: string): ApiError =>
  new ApiError('handler_bad_response', `The handler's response cannot be sent: ${reason}.`);

/** Converts an outcome without a response to the caller's error, which never has the cause. */
function toApiError(outcome: Exclude<Outcome, { kind: 'text' | 'response' }>, timeoutMs: number): ApiError {
  switch (outcome.kind) {
    case 'bad':
      return outcome.isOversized ? messageTooLarge() : badResponse(outcome.reason);
    case 'invalid':
      return new ApiError(
        'invalid_parameters',
        outcome.issues[0]?.message ?? 'The handler does not take these parameters.',
        {
          issues: outcome.issues,
        },
      );
    case 'failed':
      if (outcome.isAway) return unavailable('The shared instance of this endpoint does not answer.', 1);
      return new ApiError('handler_error', 'The handler failed. See the run for details.');
    case 'timeout':
      return new ApiError(
        'handler_timeout',
        outcome.isHung ? NEVER : `The handler did not answer within ${timeoutMs} ms.`,
      );
    case 'replaced':
      return new ApiError('instance_replaced', 'A newer version was deployed during the call. Try again.');
  }
}

const NEVER =
  'The handler will never answer: it waits for something that cannot happen, such as a promise that nothing resolves.';
