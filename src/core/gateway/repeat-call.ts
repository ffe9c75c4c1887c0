import { ApiError } from '../../kernel/errors';
import { isSafeMethod } from '../../kernel/http-methods';
import type { KeptAnswer } from '../../kernel/kept-answer';
import { sha256Hex } from '../../kernel/signed';
import type { Context } from '../access/context';
import type { Definition } from './definition';
import type { CallContext, ClaimedName, RenderError } from './call';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Claims the event of a signed call, or the Idempotency-Key of a call that may have one. Returns the kept answer of an earlier call with it, or null: this call runs. Throws
 * 409 while the first one runs, 422 when that had another request, and 400 for a key that is missing or malformed.
 */
export async function claimCall(
  ctx: Context,
  call: CallContext,
  idempotency: Definition['idempotency'],
): Promise<Response | null> {
  const { definition, caller, event } = call;
  if (event !== null) return claim(ctx, call, nameOf('event', definition.id, event), null);
  if (idempotency === null || isSafeMethod(call.method)) return null;
  const key = call.request.headers.get('idempotency-key');
  if (key === null) {
    if (idempotency.required)
      throw new ApiError('idempotency_key_required', 'This endpoint requires an Idempotency-Key header.');
    return null;
  }
  if (!KEY.test(key))
    throw new ApiError('invalid_parameter', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  return claim(ctx, call, nameOf('key', definition.id, caller.kind, caller.id, unquoted(key)), printOf(call));
}

const nameOf = (...parts: (string | null)[]): string => sha256Hex(JSON.stringify(parts));

/** The draft of the IETF sends a quoted string; most clients send the key itself. */
const unquoted = (key: string): string => /^"(.+)"$/.exec(key)?.[1] ?? key;

/** Milliseconds beyond its time limit after which a call without an answer counts as lost. */
const LOST_AFTER_MS = 30_000;

async function claim(ctx: Context, call: CallContext, name: string, print: string | null): Promise<Response | null> {
  const until = ctx.now() + call.definition.limits.timeoutMs + LOST_AFTER_MS;
  const claimed = await ctx.answers.claim(name, { runId: call.runId, print, until, undone: call.definition.undone });
  switch (claimed.kind) {
    case 'first':
      call.claimed = { name, hasRun: false };
      return null;
    case 'running':
      throw new ApiError(
        'idempotency_in_flight',
        call.event === null
          ? 'The first call with this Idempotency-Key has not ended. Try again.'
          : 'This event is being handled.',
        {
          headers: { 'retry-after': '1' },
        },
      );
    case 'different':
      throw new ApiError(
        'idempotency_mismatch',
        'This Idempotency-Key was used with a different request. Use a new key.',
      );
    case 'answered':
      return replay(call, claimed.runId, claimed.answer!);
  }
}

/**
 * Identifies the request of a call: method, URL and body. Forms are compared by their fields: clients choose another boundary for each
 * request.
 */
function printOf({ method, request, body, content }: CallContext): string {
  const sent =
    content?.kind === 'form'
      ? [
          content.fields,
          [...content.files].map(([field, files]) => [
            field,
            files.map(({ name, type, bytes }) => [name, type, sha256Hex(new Uint8Array(bytes))]),
          ]),
        ]
      : body && sha256Hex(new Uint8Array(body));
  return sha256Hex(JSON.stringify([method, request.path, request.query, sent]));
}

/** Sends a kept answer with the headers of this call: its limits and its origin. The run is that of the first call. */
function replay({ headers: own }: CallContext, runId: string, { status, headers, body }: KeptAnswer): Response {
  const response = new Response(body, { status, headers });
  for (const name in own) if (name !== 'vary') response.headers.set(name, own[name]!);
  response.headers.set('x-run-id', runId);
  response.headers.set('idempotent-replayed', 'true');
  return response;
}

/**
 * Returns the answer of a call after it was kept. Gives the name back where the handler did not run, so that a repeat can. The body is read
 * as a whole: an answer that fails on its way must fail for the first caller as it does for the others.
 */
export async function keepAnswer(
  ctx: Context,
  call: CallContext,
  claimed: ClaimedName,
  answering: Promise<Response>,
  renderError: RenderError,
): Promise<Response> {
  // After a failure here, which the platform logs, the name stays claimed until the call counts as lost.
  const settle = (answer: KeptAnswer | null): Promise<void> =>
    ctx.answers.settle(claimed.name, call.runId, answer).catch(() => undefined);
  let answered: Response;
  try {
    answered = await answering;
  } catch (error) {
    if (!claimed.hasRun) await settle(null);
    throw error;
  }
  const { response, body } = await readWhole(ctx, call, answered, renderError);
  const { status, headers } = response;
  // The sender of an event repeats it after a failure, in order that it runs again.
  const isKept = claimed.hasRun && (call.event === null || status < 400);
  await settle(isKept ? { status, headers: [...headers], body } : null);
  return new Response(body, { status, headers });
}

async function readWhole(
  ctx: Context,
  call: CallContext,
  response: Response,
  renderError: RenderError,
): Promise<{ response: Response; body: ArrayBuffer | null }> {
  try {
    return { response, body: response.body && (await response.arrayBuffer()) };
  } catch {
    const error = new ApiError('handler_bad_response', 'The response of the handler was cut. See the run for details.');
    const { response: problem } = renderError(error, ctx.requestId, call.headers);
    return { response: problem, body: await problem.arrayBuffer() };
  }
}
