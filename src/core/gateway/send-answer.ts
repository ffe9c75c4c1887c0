import type { Outcome } from '../../runtime/types';
import { NO_REPORT } from '../code/no-report';
import type { Context } from '../access/context';
import { ApiError } from '../../kernel/errors';
import { arePlain } from './answer-headers.rules';
import { toAnswer, type Answer, type AnswerPolicy } from './answer.rules';
import type { CallContext, RenderError } from './call';
import { basePathOf } from './invocation';
import { recordCall, recordMiddlewareRefusal } from './record-call';
import type { MiddlewareRefusal } from './run-middleware';
import { countBody } from './stream-body';

/** Milliseconds that a caller has to read its response. */
const MAX_DELIVERY_MS = 5000;

/** Milliseconds that an error handler has for its body: its handler may have used up the time limit. */
const ERROR_BODY_MS = 5000;

/** Returns the rules for the answers of a call. */
export const policyOf = (call: CallContext): AnswerPolicy => ({
  ...call.definition.answers,
  origin: call.request.origin,
  basePath: basePathOf(call),
});

/** Sends an answer, and records the call. `error` is that of a call that has failed although there is an answer. */
export function send(
  ctx: Context,
  call: CallContext,
  outcome: Outcome,
  answer: Extract<Answer, { kind: 'ok' }>,
  error: ApiError | null = null,
): Response {
  const { status, headers, warnings } = answer;
  const isHead = call.request.method === 'HEAD';
  if (isHead && answer.body instanceof ReadableStream) ctx.defer(answer.body.cancel());
  const body = isHead ? null : answer.body;
  const respondedAt = ctx.now();
  const base = { outcome, status, warnings, error, cut: null, respondedAt };
  if (body instanceof ReadableStream) {
    const { limits } = call.definition;
    const left = Math.max(error === null ? 1 : ERROR_BODY_MS, call.admittedAt + limits.timeoutMs - respondedAt);
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
  const shared = arePlain(headers) && hasOnlyRunId(call.headers) ? headers : null;
  recordCall(ctx, call, { ...base, headers: response.headers, shared, body: kept, delivered: tracked?.delivered });
  return response;
}

function hasOnlyRunId(headers: Readonly<Record<string, string>>): boolean {
  for (const name in headers) if (name !== 'x-run-id') return false;
  return true;
}

/** Adds headers of a call to its response. Caches need every `vary` value: the handler's and that of CORS. */
export function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const name in headers) {
    if (name === 'vary') response.headers.append(name, headers[name]!);
    else response.headers.set(name, headers[name]!);
  }
  return response;
}

/** Sends a middleware's own response, under the rules of any response; otherwise a bare 403. */
export function answerRefusal(
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

/** Answers with an error of Portico, and records the call. */
export function answerError(
  ctx: Context,
  call: CallContext,
  renderError: RenderError,
  error: ApiError,
  outcome?: Outcome,
  warnings: string[] = [],
): Response {
  const { response, text } = renderError(error, ctx.requestId, call.headers);
  const ending = {
    status: response.status,
    headers: response.headers,
    warnings,
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
