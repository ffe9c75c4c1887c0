import type { Bundle, Invocation, Outcome } from '../../runtime/types';
import type { Context } from '../context';
import { Fault } from '../errors';
import { callPublished } from '../graph/published/call-published';
import { toAnswer, type Answer } from './answer.rules';
import type { Call, Wire } from './call';
import { signDepth } from './depth';
import { recordCall, recordStart, type Ending } from './record-call';
import { countBody } from './stream-body';

/** Steps 9 to 11 of an admitted call: run the handler, rebuild its answer, and leave the record of the run behind. */
export async function performCall(ctx: Context, call: Call, wire: Wire): Promise<Response> {
  if (call.bundle === null)
    return answerFault(ctx, call, wire, new Fault('handler_error', 'The handler of this endpoint was never deployed.'));
  if (call.definition.log === 'audited' && call.kind === 'live') await recordStart(ctx, call);
  call.admittedAt = ctx.now();
  const outcome = await invoke(ctx, call, call.bundle);
  const { responseTypes, limits } = call.definition;
  if (outcome.type === 'text' || outcome.type === 'response') {
    const answer = toAnswer(outcome, {
      responseTypes,
      responseBytes: limits.responseBytes,
      origin: call.request.origin,
    });
    if (answer.type === 'ok') return send(ctx, call, outcome, answer);
    // Nobody will read a body that may not go out.
    if (outcome.type === 'response') ctx.defer(outcome.response.body?.cancel() ?? Promise.resolve());
    return answerFault(ctx, call, wire, badResponse(answer.reason), outcome);
  }
  return answerFault(ctx, call, wire, toFault(outcome, limits.timeoutMs), outcome);
}

/** A published graph has no code of its own to run in an isolate: it is run as any graph is. */
function invoke(ctx: Context, call: Call, bundle: Bundle): Promise<Outcome> {
  const { graph } = bundle.artifact;
  if (graph) return callPublished(ctx, call, graph);
  return ctx.runtime.invoke(bundle, call.plan, toInvocation(ctx, call), call.definition.limits.timeoutMs);
}

const badResponse = (reason: string): Fault =>
  new Fault('handler_bad_response', `The handler's answer cannot be sent: ${reason}.`);

/** What the caller is told of a run without an answer: that it failed, and never why. */
function toFault(outcome: Exclude<Outcome, { type: 'text' | 'response' }>, timeoutMs: number): Fault {
  switch (outcome.type) {
    case 'bad':
      return badResponse(outcome.reason);
    case 'invalid':
      return new Fault(
        'invalid_parameters',
        outcome.errors[0]?.message ?? 'The handler does not take these parameters.',
        {
          errors: outcome.errors,
        },
      );
    case 'failed':
      return new Fault('handler_error', 'The handler failed. The run tells why, to those who may read it.');
    case 'timeout':
      return new Fault('handler_timeout', `The handler did not answer within ${timeoutMs} ms.`);
    case 'replaced':
      return new Fault('instance_replaced', 'A newer version was deployed during the call. Try again.');
  }
}

/** Headers that are Portico's business or say how the call came: no handler sees them. */
const HIDDEN =
  /^(x-api-key|authorization|proxy-.*|cookie|cf-.*|x-forwarded-.*|x-real-ip|true-client-ip|cdn-loop|forwarded)$/;

function toInvocation(ctx: Context, call: Call): Invocation {
  const { bundle, runId, params, caller, definition, request, method, rest, body, files } = call;
  const { form } = bundle!.artifact;
  const known =
    `{"run":"${runId}","form":"${form}","params":${JSON.stringify(params)},"caller":${JSON.stringify(caller)}` +
    `,"executor":${definition.executorJson}${definition.envJson && `,"env":${definition.envJson}`}${outboundJson(ctx, call)}`;
  if (form === 'named') return { meta: `${known}}`, files: files.length > 0 ? files : undefined };
  const url = `${request.origin}${rest === '' ? '/' : rest}${request.query === '' ? '' : `?${request.query}`}`;
  const headers = [...request.headers].filter(([name]) => !HIDDEN.test(name));
  return {
    meta: `${known},"request":${JSON.stringify({ method, url, headers })}}`,
    body: body ?? undefined,
    files: files.length > 0 ? files : undefined,
  };
}

/** What requests of the handler carry and how many there may be; nothing for the many handlers that may send none. */
function outboundJson(ctx: Context, { definition, depth }: Call): string {
  if (definition.egress.length === 0) return '';
  return `,"requests":${definition.limits.subrequests},"depth":"${signDepth(ctx.settings, depth + 1)}"`;
}

function send(
  ctx: Context,
  call: Call,
  outcome: Extract<Outcome, { type: 'text' | 'response' }>,
  answer: Extract<Answer, { type: 'ok' }>,
): Response {
  const { status, headers, body, dropped } = answer;
  for (const [name, value] of Object.entries(call.headers)) {
    // Caches need to know of both reasons to vary: the handler's and CORS's.
    if (name === 'vary') headers.append(name, value);
    else headers.set(name, value);
  }
  const ended = ctx.now();
  const base: Ending = { outcome, status, headers, dropped, body: null, error: null, cut: null, respondedAt: ended };
  const isHead = call.request.method === 'HEAD';
  if (body === null || typeof body === 'string' || isHead) {
    if (isHead && body !== null && typeof body !== 'string') ctx.defer(body.cancel());
    recordCall(ctx, call, { ...base, body: typeof body === 'string' && !isHead ? { text: body } : null });
    return new Response(isHead ? null : body, { status, headers });
  }
  const { limits } = call.definition;
  const left = Math.max(1, call.admittedAt + limits.timeoutMs - ended);
  const counted = countBody(body, limits.responseBytes, left);
  ctx.defer(counted.ended.then(({ kept, cut }) => recordCall(ctx, call, { ...base, body: { kept }, cut })));
  return new Response(counted.body, { status, headers });
}

function answerFault(ctx: Context, call: Call, wire: Wire, fault: Fault, outcome?: Outcome): Response {
  const response = wire.render(
    new Fault(fault.code, fault.message, { ...fault.extra, headers: call.headers }),
    ctx.requestId,
  );
  const ending = {
    status: response.status,
    headers: response.headers,
    dropped: [],
    body: null,
    cut: null,
    respondedAt: ctx.now(),
  };
  recordCall(ctx, call, { ...ending, outcome: outcome ?? null, error: fault });
  return response;
}
