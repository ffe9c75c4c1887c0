import type { Run } from '../../../../src/core/runs/run.schema';
import { posixQuoted } from '../../kit/shell-quote.rules';

/* The request of a run, sent once more: by curl, or as a test. */

/** Replaces what the record must not hold. */
const REDACTED = '[redacted]';
/** Never sent again: credentials, and headers of the connection, which the sender makes. */
const NOT_SENT =
  /^(authorization|cookie2?|x-api-key|proxy-.*|host|connection|content-length|transfer-encoding|accept-encoding|keep-alive|te|trailer|upgrade|expect|cf-.*|x-forwarded.*|x-real-ip|forwarded|via)$/i;

type Replayed = Pick<Run, 'request' | 'kind' | 'endpointPath' | 'caller' | 'truncated'>;
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
export type TestRequest = {
  method: Method;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string | null;
};

/** Returns the headers that can be sent again: those whose value was recorded whole. */
export const headersOf = ({ request }: Pick<Run, 'request'>): [name: string, value: string][] =>
  Object.entries(request.headers).filter(([name, value]) => !NOT_SENT.test(name) && !value.includes(REDACTED));

/** Returns why the recorded request is not the one that came; null when it is. */
export function whyNotWhole({ request, truncated }: Replayed): string | null {
  if (request.bytes > 0 && request.body === null) return 'The run has no body: its endpoint logs only metadata.';
  if (`${request.path} ${request.query} ${request.body ?? ''}`.includes(REDACTED))
    return 'Sensitive values of the request are not recorded.';
  if (request.body !== null && truncated && new TextEncoder().encode(request.body).length < request.bytes)
    return 'The body is longer than what the run keeps.';
  return request.body?.includes('\0') ? 'The body is not text.' : null;
}

/** The credential as a variable of the shell: it is never in what is copied. */
const credentialOf = ({ caller }: Replayed): string[] => {
  if (caller.kind === 'key') return ['-H "x-api-key: $PORTICO_KEY"'];
  return caller.kind === 'anonymous' ? [] : ['-H "authorization: Bearer $PORTICO_TOKEN"'];
};

/** Returns the request as a command for a POSIX shell; null where `whyNotWhole` has a reason. */
export function curlOf(run: Replayed, origin: string): string | null {
  if (whyNotWhole(run) !== null) return null;
  const { method, path, query, body } = run.request;
  return [
    // Without --globoff, curl expands brackets of the address; --data would read a file whose name follows an @.
    'curl --globoff',
    ...(method === (body === null ? 'GET' : 'POST')
      ? []
      : [method === 'HEAD' ? '--head' : `-X ${posixQuoted(method)}`]),
    posixQuoted(`${origin}${path}${query === '' ? '' : `?${query}`}`),
    ...credentialOf(run),
    ...headersOf(run).map(([name, value]) => `-H ${posixQuoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${posixQuoted(body)}`]),
  ].join(' ');
}

/** Returns the request of a test that repeats the run; a text says why there is none. */
export function testRequestOf(run: Replayed): TestRequest | string {
  const { request, endpointPath, kind } = run;
  if (endpointPath === null || kind === 'graph') return 'Only a call of an endpoint can run again.';
  const reason = whyNotWhole(run);
  if (reason !== null) return reason;
  if (endpointPath.includes('/:'))
    return 'The path of this endpoint has parameters: test it on the page of the endpoint.';
  const base = `/u/${endpointPath}`;
  const path = request.path.startsWith(`${base}/`) ? request.path.slice(base.length) : '';
  const { query, body } = request;
  const method = METHODS.find((one) => one === request.method);
  if (method === undefined) return 'A test has no such method.';
  return { method, path, query: query.replace(/^\?/, ''), headers: Object.fromEntries(headersOf(run)), body };
}

/** Names of the parameters in a query, each once, in their order. */
export const namesOfQuery = (query: string): string[] => [...new Set(new URLSearchParams(query).keys())];

export interface RequestIssue {
  pointer: string;
  message: string;
}

/** Reads what was wrong with a refused request from the problem document of its response; empty without one. */
export function issuesOf({ response }: Pick<Run, 'response'>): RequestIssue[] {
  const errors = (parse(response?.body ?? null) as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return [];
  return (errors as Partial<RequestIssue>[])
    .filter((issue) => typeof issue?.pointer === 'string' && typeof issue.message === 'string')
    .map(({ pointer, message }) => ({ pointer: pointer!, message: message! }));
}

/** Returns the value of a text of JSON; null for any other text. */
export function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
