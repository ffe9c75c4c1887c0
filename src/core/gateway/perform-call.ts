import type { Bundle, Outcome } from '../../runtime/types';
import type { Context } from '../access/context';
import { ApiError, unavailable } from '../../kernel/errors';
import { callPublished } from './host/call-published';
import { OPERATIONS } from './host/operations';
import { Outlet } from './host/outlet';
import { toAnswer, type Answer, type AnswerPolicy } from './answer.rules';
import type { CallContext, RenderError } from './call';
import { basePathOf, toInvocation } from './invocation';
import { hasBegun, recordCall, recordMiddlewareRefusal, recordStart, type Ending } from './record-call';
import { runMiddleware, type MiddlewareRefusal } from './run-middleware';
import { countBody } from './stream-body';
import { NO_REPORT } from '../code/no-report';

/** Milliseconds that a caller has to read its response. */
const MAX_DELIVERY_MS = 5000;

/** Performs steps 8 to 11 of an admitted call: runs the middleware and the handler, rebuilds the response, and records the run. */
export async function performCall(ctx: Context, call: CallContext, renderError: RenderError): Promise<Response> {
  if (call.bundle === null)
    return answerError(
      ctx,
      call,
      renderError,
      new ApiError('handler_error', 'The handler of this endpoint has no deployed version.'),
    );
  if (hasBegun(call)) await recordStart(ctx, call);
  call.admittedAt = ctx.now();
  call.outlet = new Outlet(ctx, call, OPERATIONS);
  let { timeoutMs } = call.definition.limits;
  if (call.definition.middleware.length > 0) {
    const refusal = await runMiddleware(ctx, call);
    if (refusal !== null) return answerRefusal(ctx, call, renderError, refusal);
    // Their time counts toward the caller's timeout.
    timeoutMs = Math.max(1, timeoutMs - (ctx.now() - call.admittedAt));
  }
  if (call.claimed !== null) call.claimed.hasRun = true;
  const outcome = await invoke(ctx, call, call.bundle, timeoutMs);
  // The caller is asked to try again.
  if (call.claimed !== null && !(outcome instanceof ApiError) && outcome.kind === 'replaced')
    call.claimed.hasRun = false;
  if (outcome instanceof ApiError) return answerError(ctx, call, renderError, outcome);
  if (outcome.kind === 'text' || outcome.kind === 'response') {
    const answer = toAnswer(outcome, policyOf(call));
    if (answer.kind === 'ok') return send(ctx, call, outcome, answer);
    // A body that must not be sent is never read.
    if (outcome.kind === 'response') ctx.defer(outcome.response.body?.cancel() ?? Promise.resolve());
    return answerError(ctx, call, renderError, badResponse(answer.reason), outcome);
  }
  return answerError(ctx, call, renderError, toApiError(outcome, call.definition.limits.timeoutMs), outcome);
}

/** A published graph has no code to run in an isolate: it runs like any graph. */
function invoke(ctx: Context, call: CallContext, bundle: Bundle, timeoutMs: number): Promise<Outcome | ApiError> {
  const { graph } = bundle.artifact;
  if (graph) return callPublished(ctx, call, graph);
  return ctx.runtime.invoke(bundle, call.plan, toInvocation(ctx, call, bundle), timeoutMs);
}

const policyOf = (call: CallContext): AnswerPolicy => ({
  ...call.definition.answers,
  origin: call.request.origin,
  basePath: basePathOf(call),
});

const badResponse = (reason: string): ApiError =>
  new ApiError('handler_bad_response', `The handler's response cannot be sent: ${reason}.`);

/** Converts an outcome without a response to the caller's error, which never has the cause. */
function toApiError(outcome: Exclude<Outcome, { kind: 'text' | 'response' }>, timeoutMs: number): ApiError {
  switch (outcome.kind) {
    case 'bad':
      return badResponse(outcome.reason);
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

function send(
  ctx: Context,
  call: CallContext,
  outcome: Extract<Outcome, { kind: 'text' | 'response' }>,
  answer: Extract<Answer, { kind: 'ok' }>,
): Response {
  const { status, headers, warnings } = answer;
  const isHead = call.request.method === 'HEAD';
  if (isHead && answer.body instanceof ReadableStream) ctx.defer(answer.body.cancel());
  const body = isHead ? null : answer.body;
  const respondedAt = ctx.now();
  const base = { outcome, status, warnings, error: null, cut: null, respondedAt };
  if (body instanceof ReadableStream) {
    const { limits } = call.definition;
    const left = Math.max(1, call.admittedAt + limits.timeoutMs - respondedAt);
    const counted = countBody(body, limits.responseBytes, left, headers.get('content-type'));
    const response = withHeaders(new Response(counted.body, { status, headers }), call.headers);
    const ending = { ...base, headers: response.headers };
    ctx.defer(counted.ended.then(({ kept, cut }) => recordCall(ctx, call, { ...ending, body: { kept }, cut })));
    return response;
  }
  // The rest of a workflow continues when the caller has its response.
  const tracked = outcome.drain && call.bundle?.artifact.workflow ? trackDelivery(body) : null;
  const response = withHeaders(new Response(tracked ? tracked.body : body, { status, headers }), call.headers);
  const kept = body === null ? null : { text: body };
  recordCall(ctx, call, { ...base, headers: response.headers, body: kept, delivered: tracked?.delivered });
  return response;
}

/** Adds headers of a call to its response. Caches need every `vary` value: the handler's and that of CORS. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const name in headers) {
    if (name === 'vary') response.headers.append(name, headers[name]!);
    else response.headers.set(name, headers[name]!);
  }
  return response;
}

/** Sends a middleware's own response, under the rules of any response; otherwise a bare 403. */
function answerRefusal(
  ctx: Context,
  call: CallContext,
  renderError: RenderError,
  refusal: MiddlewareRefusal,
): Response {
  const { answer } = refusal;
  const { answers } = call.definition;
  const rebuilt =
    answer &&
    toAnswer(
      { cold: false, report: NO_REPORT, drain: null, kind: 'text', ...answer },
      {
        ...policyOf(call),
        responseTypes: new Set([...answers.responseTypes, 'application/json', 'text/plain']),
      },
    );
  if (answer === null || rebuilt?.kind !== 'ok') {
    const error = new ApiError('forbidden', 'You do not have access to this.');
    const { response, text } = renderError(error, ctx.requestId, call.headers);
    recordMiddlewareRefusal(ctx, call, response, refusal, { warnings: [], body: { text } });
    return response;
  }
  const response = withHeaders(
    new Response(call.request.method === 'HEAD' ? null : rebuilt.body, rebuilt),
    call.headers,
  );
  const body = answer.body === '' ? null : { text: answer.body };
  recordMiddlewareRefusal(ctx, call, response, refusal, { warnings: rebuilt.warnings, body });
  return response;
}

function answerError(
  ctx: Context,
  call: CallContext,
  renderError: RenderError,
  error: ApiError,
  outcome?: Outcome,
): Response {
  const { response, text } = renderError(error, ctx.requestId, call.headers);
  const ending = {
    status: response.status,
    headers: response.headers,
    warnings: [],
    body: { text },
    cut: null,
    respondedAt: ctx.now(),
  };
  recordCall(ctx, call, { ...ending, outcome: outcome ?? null, error });
  return response;
}

/**
 * Returns a body with a promise of its delivery: `delivered` resolves when the last byte has left this Worker, when the caller has
 * disconnected, or after 5 s. Without a body it resolves after one turn of the event loop, which sends the response.
 */
function trackDelivery(body: string | null): { body: ReadableStream | null; delivered: Promise<void> } {
  if (body === null) return { body, delivered: new Promise((resolve) => setTimeout(resolve, 0)) };
  const bytes = new TextEncoder().encode(body);
  const { readable, writable } = new FixedLengthStream(bytes.length);
  const writer = writable.getWriter();
  const sent = writer.write(bytes).then(() => writer.close());
  const late = new Promise<void>((resolve) => setTimeout(resolve, MAX_DELIVERY_MS));
  return { body: readable, delivered: Promise.race([sent.catch(() => undefined), late]) };
}
