import type { Outcome } from '../../runtime/types';
import { MAX_CACHED_BYTES } from '../../kernel/cached-answer';
import type { Context } from '../access/context';
import { keepBytes } from '../runs/redact-body';
import type { Answer } from './answer.rules';
import { etagOf, isMatched, lifetimeOf, type CachePolicy } from './cache.rules';
import { viewOf } from './cached-view';
import type { CallContext } from './call';
import { recordCall } from './record-call';
import { withHeaders } from './send-answer';
import { countBody } from './stream-body';

type Answered = Extract<Outcome, { kind: 'text' | 'response' }>;
type Sendable = Extract<Answer, { kind: 'ok' }>;

/** Answers a call from the cache of its endpoint, and records it; null where the handler must run, which then sees only what is in the key. */
export async function answerFromCache(ctx: Context, call: CallContext, policy: CachePolicy): Promise<Response | null> {
  call.view = viewOf(policy, call);
  if (call.view === null || call.kind !== 'live') return null;
  const found = await ctx.answerCache.get(call.view.key);
  const now = ctx.now();
  if (found === null || found.expiresAt <= now) {
    call.headers['cache-status'] = 'portico; fwd=miss';
    return null;
  }
  call.isCached = true;
  call.headers['cache-status'] = `portico; hit; ttl=${Math.floor((found.expiresAt - now) / 1000)}`;
  const headers = new Headers(found.headers);
  const before = Number(headers.get('age') ?? 0) || 0;
  headers.set('age', String(before + Math.max(0, Math.floor((now - found.storedAt) / 1000))));
  const isKnown = isKnownTo(call, headers);
  const body = isKnown || call.request.method === 'HEAD' || found.body.length === 0 ? null : found.body;
  const kept = body && keepBytes(body, headers.get('content-type'));
  if (isKnown) headers.delete('content-type');
  const response = withHeaders(new Response(body, { status: isKnown ? 304 : found.status, headers }), call.headers);
  recordCall(ctx, call, {
    outcome: null,
    status: response.status,
    headers: response.headers,
    warnings: [],
    body: kept && { kept },
    error: null,
    cut: null,
    respondedAt: now,
  });
  return response;
}

const isKnownTo = ({ request }: CallContext, headers: Headers): boolean =>
  isMatched(request.headers.get('if-none-match'), headers.get('etag'));

/**
 * Keeps the answer of a handler, if it may be kept, and returns what the caller gets: with a Cache-Control that lets them ask again by ETag,
 * where the handler sets none. A copy of a streamed body is kept when it is complete.
 */
export function keepInCache(
  ctx: Context,
  call: CallContext,
  policy: CachePolicy,
  outcome: Answered,
  answer: Sendable,
): Sendable {
  const given = outcome.kind === 'response' ? outcome.response.headers : outcome.headers;
  const control = [...given].flatMap(([name, value]) => (name.toLowerCase() === 'cache-control' ? [value] : [])).join();
  const lifetime = lifetimeOf(policy, answer.status, control, answer.headers);
  if (lifetime === 0) return answer;
  const headers = withCaching(call, policy, answer, control !== '');
  const kept = { ...answer, headers };
  const isKept = call.kind === 'live' && call.request.method === 'GET';
  if (answer.body instanceof ReadableStream) {
    if (!isKept) return kept;
    const [body, copy] = answer.body.tee();
    ctx.defer(readCopy(ctx, call, copy).then((bytes) => bytes && store(bytes)));
    return { ...kept, body };
  }
  if (isKept) {
    const bytes = new Uint8Array(new TextEncoder().encode(answer.body ?? ''));
    if (bytes.length <= MAX_CACHED_BYTES) ctx.defer(store(bytes));
  }
  if (!isKnownTo(call, headers)) return kept;
  const bare = new Headers(headers);
  bare.delete('content-type');
  return { ...kept, status: 304, headers: bare, body: null };

  function store(body: Uint8Array<ArrayBuffer>): Promise<void> {
    const storedAt = ctx.now();
    if (!headers.has('etag')) headers.set('etag', etagOf(body));
    const { status } = answer;
    const expiresAt = storedAt + lifetime;
    return ctx.answerCache.put(call.view!.key, { status, headers: [...headers], body, storedAt, expiresAt });
  }
}

/** Returns headers of their own: those of an answer may be shared with other calls. */
function withCaching(
  call: CallContext,
  policy: CachePolicy,
  { headers: given, body }: Sendable,
  isSet: boolean,
): Headers {
  const headers = new Headers(given);
  const { isPublic } = call.definition.answers;
  if (!isSet) headers.set('cache-control', isPublic ? 'no-cache' : 'private, no-cache');
  if (!isSet && !isPublic) headers.append('vary', 'authorization, x-api-key');
  if (policy.headers.length > 0) headers.append('vary', policy.headers.join(', '));
  if (typeof body === 'string' && !headers.has('etag')) headers.set('etag', etagOf(body));
  return headers;
}

/** Reads the copy of a body; null for one that is too large, or was cut. */
async function readCopy(
  ctx: Context,
  call: CallContext,
  copy: ReadableStream,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { timeoutMs, responseBytes } = call.definition.limits;
  const left = Math.max(1, call.admittedAt + timeoutMs - ctx.now());
  try {
    const { body } = countBody(copy, Math.min(MAX_CACHED_BYTES, responseBytes), left, null);
    return new Uint8Array(await new Response(body).arrayBuffer());
  } catch {
    // The run of the call says why.
    return null;
  }
}
