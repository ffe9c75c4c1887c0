import type { OutboundRequest } from '../../runtime/types';
import { isClosedToRequests, isForOneOrigin, isOfBody } from '../../kernel/http-headers';

/** Bytes of a request body, and of a response body. */
export const MAX_BYTES = 10_485_760;
/** Redirects that one request follows, as browsers do. */
export const MAX_REDIRECTS = 20;

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/;
const MODES = new Set<unknown>(['follow', 'manual', 'error']);
type Fields = Record<string, unknown>;

/** Parses a request from an isolate, which may have forged it. Returns the reason as text when it cannot be sent. */
export function readOutbound(value: unknown): (OutboundRequest & { target: URL }) | string {
  if (typeof value !== 'object' || value === null) return MALFORMED;
  const { id, method, url, headers, body, redirect } = value as Fields;
  if (typeof id !== 'number' || typeof method !== 'string' || typeof url !== 'string' || !isPairs(headers))
    return MALFORMED;
  if ((body !== undefined && !(body instanceof ArrayBuffer)) || !MODES.has(redirect)) return MALFORMED;
  if (!METHOD.test(method)) return 'the method is invalid';
  if (!URL.canParse(url)) return 'the URL is invalid';
  if (headers.some(([name]) => name.toLowerCase() === 'upgrade')) return 'WebSockets are not allowed';
  if (!areHeaders(headers)) return 'a header is invalid';
  if (body !== undefined && body.byteLength > MAX_BYTES) return `the body is larger than ${MAX_BYTES} bytes`;
  return { id, method, url, headers, body, redirect: redirect as OutboundRequest['redirect'], target: new URL(url) };
}

const MALFORMED = 'the request is malformed';

const isPairs = (value: unknown): value is [string, string][] =>
  Array.isArray(value) &&
  value.every(
    (pair: unknown) =>
      Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && typeof pair[1] === 'string',
  );

function areHeaders(headers: [string, string][]): boolean {
  try {
    void new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

/** The parts of a request that a redirect may change. */
export interface Hop {
  method: string;
  url: URL;
  headers: [string, string][];
  body: ArrayBuffer | undefined;
}

/** Returns the headers to send, without those that only a proxy or Portico may set. */
export const toHeaders = (headers: [string, string][]): Headers =>
  new Headers(headers.filter(([name]) => !isClosedToRequests(name.toLowerCase())));

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Returns whether a status is a redirect. */
export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/**
 * Returns the request that follows a redirect, by the rules of the fetch standard: 303, and 301 or 302 of a POST, become a GET without a body;
 * credentials do not go to another origin. Null when `location` is not a URL.
 */
export function afterRedirect(hop: Hop, status: number, location: string): Hop | null {
  if (!URL.canParse(location, hop.url)) return null;
  const url = new URL(location, hop.url);
  if (url.hash === '') url.hash = hop.url.hash;
  const { method } = hop;
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  const leaves = url.origin !== hop.url.origin;
  const headers = hop.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !(becomesGet && isOfBody(lower)) && !(leaves && isForOneOrigin(lower));
  });
  return becomesGet ? { method: 'GET', url, headers, body: undefined } : { method, url, headers, body: hop.body };
}
