import type { Outcome } from '../../runtime/types';

/** What a handler answered, as it may go out; or why it may not. */
export type Answer =
  | { type: 'ok'; status: number; headers: Headers; body: string | ReadableStream | null; dropped: string[] }
  | { type: 'bad'; reason: string };

export interface AnswerPolicy {
  responseTypes: ReadonlySet<string>;
  responseBytes: number;
  /** `https://host` that redirects may stay on. */
  origin: string;
}

const MAX_HEADERS = 32;
const MAX_HEADER_BYTES = 8192;
const NO_BODY = new Set([204, 205, 304]);

/** Headers that never come from user code: they are the transport's, the browser's security's, or Portico's own. */
const CLOSED =
  /^(set-cookie2?|access-control-.*|strict-transport-security|content-(encoding|length|security-policy(-report-only)?)|transfer-encoding|connection|keep-alive|upgrade|trailer|te|via|server|alt-svc|date|expect-ct|nel|report-to|reporting-endpoints|clear-site-data|service-worker-allowed|x-content-type-options|x-frame-options|referrer-policy|permissions-policy|cross-origin-.*|origin-agent-cluster|refresh|proxy-.*|cf-.*|x-request-id|x-run-id|x-portico-.*)$/;

/** What the browser of a caller may do with an answer: show it, and nothing else. */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'referrer-policy': 'no-referrer',
};

/** Rebuilds the answer of a handler from nothing but what is allowed (step 10 of a call). Pure. */
export function toAnswer(outcome: Extract<Outcome, { type: 'text' | 'response' }>, policy: AnswerPolicy): Answer {
  const status =
    outcome.type === 'response' ? outcome.response.status : (outcome.status ?? (outcome.kind === 'none' ? 204 : 200));
  const body =
    outcome.type === 'response'
      ? outcome.response.body
      : outcome.kind === 'none' || outcome.body === ''
        ? null
        : outcome.body;
  if (status < 200 || status > 599) return bad(`status ${status} is not 200 to 599`);
  if (body !== null && NO_BODY.has(status)) return bad(`a ${status} has no body`);
  if (typeof body === 'string' && exceeds(body, policy.responseBytes))
    return bad(`the body is larger than ${policy.responseBytes} bytes`);
  if (
    outcome.type === 'response' &&
    Number(outcome.response.headers.get('content-length') ?? 0) > policy.responseBytes
  ) {
    return bad(`the body is larger than ${policy.responseBytes} bytes`);
  }
  const copied = copyHeaders(outcome.type === 'response' ? outcome.response.headers : outcome.headers);
  if (typeof copied === 'string') return bad(copied);
  const { headers, dropped } = copied;
  if (body !== null) {
    if (!headers.has('content-type')) headers.set('content-type', defaultType(outcome));
    const type = headers.get('content-type')!.split(';', 1)[0]!.trim().toLowerCase();
    if (!policy.responseTypes.has(type))
      return bad(`the type ${type} is not one that this endpoint answers with (response.types)`);
  }
  const location = headers.get('location');
  if (location !== null && status >= 300 && status < 400 && !staysOn(policy.origin, location))
    return bad('a redirect may not lead to another host');
  return { type: 'ok', status, headers, body, dropped };
}

const bad = (reason: string): Answer => ({ type: 'bad', reason });

/** Is the UTF-8 form longer than `limit` bytes? Encodes only where the length in characters leaves it open. */
function exceeds(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && new TextEncoder().encode(text).length > limit;
}

const defaultType = (outcome: Extract<Outcome, { type: 'text' | 'response' }>): string =>
  outcome.type === 'response'
    ? 'application/octet-stream'
    : outcome.kind === 'json'
      ? 'application/json'
      : 'text/plain; charset=utf-8';

function copyHeaders(source: Iterable<[string, string]>): { headers: Headers; dropped: string[] } | string {
  const headers = new Headers(ALWAYS);
  const dropped: string[] = [];
  let count = 0;
  let bytes = 0;
  for (const [rawName, value] of source) {
    const name = rawName.toLowerCase();
    if (CLOSED.test(name)) {
      // The runtime's own marker is nobody's mistake.
      if (!name.startsWith('x-portico-')) dropped.push(name);
      continue;
    }
    count += 1;
    bytes += name.length + value.length;
    if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES)
      return `more than ${MAX_HEADERS} headers, or more than ${MAX_HEADER_BYTES} bytes of them`;
    try {
      headers.set(name, value);
    } catch {
      return 'a header is not valid HTTP';
    }
  }
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  return { headers, dropped };
}

function staysOn(origin: string, location: string): boolean {
  try {
    return new URL(location, `${origin}/u/`).origin === origin;
  } catch {
    return false;
  }
}
