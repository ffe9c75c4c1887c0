/*
 * Named sets of HTTP header names, in lower case; a name that ends in * is a prefix. Every list of headers in
 * Portico is made of these sets, so that two lists cannot disagree about a header.
 */

/** Headers that identify a caller. */
export const CREDENTIALS = ['authorization', 'cookie', 'cookie2', 'proxy-*', 'x-api-key'];

/** Headers with the origin and route of a request. */
export const CLIENT_ADDRESS = [
  'cdn-loop',
  'cf-*',
  'client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'true-client-ip',
  'via',
  'x-appengine-*',
  'x-azure-*',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-*',
  'x-forwarded*',
  'x-original-*',
  'x-real-ip',
  'x-remote-*',
];

/** Headers of one connection between two HTTP programs, not of the call. */
export const TRANSPORT = [
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers that Portico itself writes: a caller or handler that sends one could impersonate it. */
export const PLATFORM = ['x-portico-*', 'x-request-id', 'x-run-id'];

/** Headers that set rules for a browser, beyond the response that carries them. */
export const BROWSER_RULES = [
  'accept-ch',
  'access-control-*',
  'alt-svc',
  'clear-site-data',
  'content-security-policy',
  'content-security-policy-report-only',
  'critical-ch',
  'cross-origin-*',
  'document-*',
  'expect-ct',
  'integrity-policy*',
  'nel',
  'no-vary-search',
  'observe-browsing-topics',
  'origin-agent-cluster',
  'origin-trial',
  'permissions-policy',
  'public-key-pins*',
  'referrer-policy',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'sec-*',
  'service-worker-*',
  'set-cookie',
  'set-cookie2',
  'set-login',
  'sourcemap',
  'speculation-rules',
  'strict-transport-security',
  'supports-loading-mode',
  'timing-allow-origin',
  'use-as-dictionary',
  'x-content-security-policy',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-sourcemap',
  'x-ua-compatible',
  'x-webkit-csp',
  'x-xss-protection',
];

/** Headers of every answer, of Portico and of handlers: a browser may show it, and neither run, frame nor guess at it. */
export const SANDBOX_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'referrer-policy': 'no-referrer',
};

/** Headers that control a server or cache in front of Portico. */
export const INTERMEDIARIES = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'surrogate-*',
  'x-accel-*',
  'x-lighttpd-*',
  'x-sendfile',
];

/** Headers that any response may have: those that APIs use. */
export const RESPONSE_HEADERS = [
  'accept-patch',
  'accept-post',
  'accept-ranges',
  'age',
  'allow',
  'api-version',
  'cache-control',
  'content-digest',
  'content-disposition',
  'content-language',
  'content-location',
  'content-range',
  'content-type',
  'correlation-id',
  'deprecation',
  'digest',
  'dpop-nonce',
  'etag',
  'expires',
  'idempotency-key',
  'idempotent-replayed',
  'last-modified',
  'link',
  'location',
  'mcp-*',
  'odata-*',
  'pragma',
  'preference-applied',
  'ratelimit*',
  'repr-digest',
  'request-id',
  'retry-after',
  'server-timing',
  'signature',
  'signature-input',
  'sunset',
  'traceparent',
  'tracestate',
  'tus-*',
  'upload-*',
  'vary',
  'warning',
  'webhook-*',
  'www-authenticate',
];

/** Headers that the platform adds to a handler's response: a warning would name headers that the handler's author never wrote. */
export const UNASKED = [...TRANSPORT, 'date', 'x-portico-*'];

/** Headers without information for a run record. */
const UNREMARKABLE = [
  'accept-encoding',
  'connection',
  'content-length',
  'content-security-policy',
  'host',
  'referrer-policy',
  'x-content-type-options',
];

/** Tests lower-case names against sets: one lookup for whole names, and a few comparisons for those that end in *. */
export function headerTest(...sets: readonly (readonly string[])[]): (name: string) => boolean {
  const all = sets.flat();
  const names = new Set(all.filter((name) => !name.endsWith('*')));
  const prefixes = all.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** Headers of a call that are hidden from its handler. */
export const isHiddenFromHandlers = headerTest(CREDENTIALS, CLIENT_ADDRESS, PLATFORM);

/** Headers that no parameter may be read from. */
export const isClosedToParameters = headerTest(CREDENTIALS, CLIENT_ADDRESS, PLATFORM, TRANSPORT, ['set-cookie']);

/** Headers removed from a handler's own requests. */
export const isClosedToRequests = headerTest(TRANSPORT, CLIENT_ADDRESS, ['proxy-*', 'x-portico-*']);

/** Tests for a header that a request leaves out when a redirect leads it to another origin. */
export const isForOneOrigin = headerTest(['authorization', 'cookie', 'proxy-authorization']);

/** Tests for a header that describes a body: a request that a redirect leaves without one does not carry it. */
export const isOfBody = headerTest(['content-encoding', 'content-language', 'content-location', 'content-type']);

/** Headers omitted from a run record. */
export const isLeftOutOfRuns = headerTest(CLIENT_ADDRESS, PLATFORM, UNREMARKABLE);

/** Headers that a handler may never send, whatever the settings. */
export const isClosedToAnswers = headerTest(TRANSPORT, CLIENT_ADDRESS, PLATFORM, BROWSER_RULES, INTERMEDIARIES, [
  'content-encoding',
  'date',
  'proxy-*',
  'server',
]);

const isUsual = headerTest(RESPONSE_HEADERS);

/** Checks whether a handler may send this header. `listed` are the names of `response.headers` of its endpoint. */
export const mayAnswer = (name: string, listed: ReadonlySet<string>): boolean =>
  (isUsual(name) || isOwn(name) || listed.has(name)) && !isClosedToAnswers(name);

/** A custom name: no standard header begins with `x-` or has an underscore. */
const isOwn = (name: string): boolean => name.startsWith('x-') || name.includes('_');

export const isUnasked = headerTest(UNASKED);

/** Headers of a client of tools that the call of an endpoint has too: its credential, and where it comes from. */
export const HEADERS_OF_TOOL_CALLS = [
  'x-api-key',
  'authorization',
  'cf-connecting-ip',
  'user-agent',
  'x-portico-depth',
];
