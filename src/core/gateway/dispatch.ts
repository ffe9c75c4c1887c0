import type { Context } from '../access/context';
import { ApiError } from '../../kernel/errors';
import { readHeaders } from '../../kernel/read-headers';
import { assertCallerRoles } from './access.rules';
import type { CallContext, RenderError } from './call';
import { countCall } from './count-call';
import { corsHeaders, preflight } from './cors.rules';
import { assertReady } from './definition';
import { DEPTH_HEADER, readDepth } from './depth';
import { findDefinition, type Found } from './find-definition';
import { identifyCaller, keyOf, readOwnerEarly } from './identify-caller';
import { addressNotAllowed, assertKeyMay } from './key-access.rules';
import { openCall } from './open-call';
import { performCall } from './perform-call';
import { nonEmpty, readBody } from './read-body';
import { readParameters } from './read-parameters';
import { verifySignature } from './verify-signature';
import { recordRejection } from './record-call';
import { claimCall, keepAnswer } from './repeat-call';

/**
 * Answers a call of a published endpoint by the steps of docs/calls.md. `target` is the rest of the path after the wire's prefix. A warm
 * call reads no store and awaits only its own body and the handler.
 */
export async function dispatch(
  ctx: Context,
  request: Request,
  target: string,
  renderError: RenderError,
  via: CallContext['via'] = null,
): Promise<Response> {
  const startedAt = ctx.now();
  let found: Found;
  let early: ReturnType<typeof readOwnerEarly> = null;
  try {
    const preflighted = request.method === 'OPTIONS' ? await answerPreflight(ctx, request, target) : null;
    if (preflighted) return preflighted;
    const finding = findDefinition(ctx, target, request.method);
    if (finding instanceof Promise) early = readOwnerEarly(ctx, request.headers);
    found = finding instanceof Promise ? await finding : finding;
  } catch (error) {
    if (error instanceof ApiError) return renderError(error, ctx.requestId).response;
    throw error;
  }
  const call = receive(ctx, found, request, startedAt);
  call.via = via;
  try {
    await admit(ctx, call, request, found.allow, early);
    const { idempotency } = call.definition;
    const repeated = idempotency === null && call.event === null ? null : await claimCall(ctx, call, idempotency);
    if (repeated !== null) return repeated;
  } catch (error) {
    if (error instanceof ApiError) return refuse(ctx, call, error, renderError);
    throw error;
  }
  const performed = performCall(ctx, call, renderError);
  const answering = call.claimed === null ? performed : keepAnswer(ctx, call, call.claimed, performed, renderError);
  // When a caller disconnects, Cloudflare cancels the request, but not this: the call ends as it would, is recorded, and its answer is kept.
  ctx.defer(answering.then(ignore, ignore));
  return answering;
}

const ignore = (): void => undefined;

/** Answers a preflight by the rules of the endpoint that would get the call; null for every other request, and without CORS. */
async function answerPreflight(ctx: Context, { headers }: Request, target: string): Promise<Response | null> {
  const method = headers.get('access-control-request-method');
  if (method === null || !headers.has('origin')) return null;
  const { definition } = await findDefinition(ctx, target, method);
  const answer = preflight(definition.corsOrigins, definition.allow, headers);
  return answer && new Response(null, { status: 204, headers: answer });
}

/** Begins a live call. HEAD becomes GET where only GET is listed. */
function receive(
  { origin, cache }: Context,
  { definition, named, subpath }: Found,
  { method, url, headers: sent }: Request,
  startedAt: number,
): CallContext {
  const { path, query } = readUrl(url);
  const headers = readHeaders(sent);
  const call = openCall(definition, 'live', { method, path, query, headers, origin }, subpath, startedAt, named);
  call.staleMs = cache.definitions.staleMs(definition.id, startedAt);
  if (method === 'HEAD' && !definition.methods.has('HEAD')) call.method = 'GET';
  Object.assign(call.headers, corsHeaders(definition.corsOrigins, headers.get('origin')));
  return call;
}

/** Returns path and query as sent. A request's URL is absolute. */
function readUrl(url: string): { path: string; query: string } {
  const end = url.indexOf('#');
  const start = url.indexOf('/', url.indexOf('//') + 2);
  if (start === -1) return { path: '/', query: '' };
  const text = url.slice(start, end === -1 ? undefined : end);
  const mark = text.indexOf('?');
  return mark === -1 ? { path: text, query: '' } : { path: text.slice(0, mark), query: text.slice(mark + 1) };
}

/** Performs steps 2 to 7: everything that can refuse a call before a handler's code runs. */
async function admit(
  ctx: Context,
  call: CallContext,
  request: Request,
  allow: string,
  early: ReturnType<typeof readOwnerEarly>,
): Promise<void> {
  const { definition } = call;
  const { headers } = call.request;
  if (!definition.methods.has(call.method)) {
    throw new ApiError('method_not_allowed', `This path answers ${allow}.`, { headers: { allow } });
  }
  const depth = headers.get(DEPTH_HEADER);
  if (depth !== null) call.depth = readDepth(ctx.settings, depth, ctx.now());
  if (definition.isFrom !== null && !definition.isFrom(ctx.address)) throw addressNotAllowed('This endpoint');
  const caller = identifyCaller(ctx, definition, headers, early);
  call.caller = caller instanceof Promise ? await caller : caller;
  call.staleMs = Math.max(call.staleMs, call.caller.staleMs ?? 0);
  const key = keyOf(ctx, definition, call.caller);
  if (key !== null) assertKeyMay(key, call.method, ctx.address);
  assertCallerRoles(call.caller, definition.roles);
  const quota = key?.quota.perDay || key?.quota.perMonth ? key.quota : null;
  if (definition.rateWindows.length > 0 || quota !== null) await countCall(ctx, call, quota);
  const reading = readBody(request, headers.get('content-length'), definition.limits.bodyBytes);
  if (reading !== null) call.body = nonEmpty(await reading);
  if (definition.verifySignature !== null) verifySignature(call, definition.verifySignature, ctx.now());
  readParameters(call);
  assertReady(definition);
}

/** Answers a call that was refused before its handler's code ran, and records it. */
export function refuse(ctx: Context, call: CallContext, error: ApiError, renderError: RenderError): Response {
  const rendered = renderError(error, ctx.requestId, call.headers);
  recordRejection(ctx, call, rendered, error);
  return rendered.response;
}
