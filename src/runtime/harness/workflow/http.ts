import { exactJson } from '../javascript/exact-json';
import { toBase64 } from './body';
import { pause } from './pause';

/** Input of an `http.request` step, with secrets replaced by their values. */
export interface HttpInput {
  method: string;
  url: unknown;
  urlParams?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  body?: unknown;
  bodyAs?: 'json' | 'form' | 'text';
  auth?: { type: 'none' } | { type: 'basic'; user: unknown; password: unknown } | { type: 'bearer'; token: unknown };
  retries?: number;
  timeoutMs?: number;
  failOnStatus?: boolean;
}
export interface HttpResult {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Matches any text that may have an integer that a number cannot hold. */
const LONG = /[0-9]{16}/;
const DEFAULT_TIMEOUT_MS = 10_000;
/** Milliseconds before try n+1: 200, 400, … at most 2,000. */
const waitMs = (attempt: number): number => Math.min(2_000, 200 * 2 ** attempt);
const isRetryable = (status: number): boolean => status === 429 || status >= 500;

/**
 * Sends a request. A request with a secret does not follow redirects: the response would decide where the secret goes. A response of 400 or
 * above is an error with the whole response as its cause, unless `failOnStatus` is false.
 */
export async function sendRequest(input: HttpInput, hasSecret: boolean, send: typeof fetch): Promise<HttpResult> {
  const url = toUrl(input);
  const { headers, body } = toMessage(input);
  const { method, retries = 0, timeoutMs = DEFAULT_TIMEOUT_MS, failOnStatus = true } = input;
  const place = `${method} ${url.origin}`;
  for (let attempt = 0; ; attempt++) {
    let result: HttpResult;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await send(url, {
        method,
        headers,
        redirect: hasSecret ? 'manual' : 'follow',
        signal,
        ...(body === undefined ? {} : { body }),
      });
      result = {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await readAnswer(response),
      };
    } catch (error) {
      if (attempt < retries) {
        await pause(waitMs(attempt));
        continue;
      }
      throw new Error(`${place} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    if (isRetryable(result.status) && attempt < retries) await pause(waitMs(attempt));
    else if (result.status >= 400 && failOnStatus)
      throw new Error(`${place} answered ${result.status}`, { cause: result });
    else return result;
  }
}

function toUrl({ url, urlParams = {}, query = {} }: HttpInput): URL {
  const text = String(url).replaceAll(
    /\/:([A-Za-z_][A-Za-z0-9_]*)/g,
    (_, name: string) => `/${toSegment(name, urlParams[name])}`,
  );
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new TypeError('the URL must be an absolute http or https URL');
  const full = new URL(text);
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item !== undefined && item !== null) full.searchParams.append(name, toSent(item, 'query', name));
    }
  }
  return full;
}

/** Encodes exactly one segment: an empty one, `.` or `..` would be another path. */
function toSegment(name: string, value: unknown): string {
  const text = value === undefined || value === null ? '' : toSent(value, 'urlParams', name);
  if (text === '' || text === '.' || text === '..')
    throw new TypeError(`/:${name} needs a value that is a path segment`);
  return encodeURIComponent(text);
}

function toMessage({ headers: given = {}, body, bodyAs = 'json', auth }: HttpInput): {
  headers: Headers;
  body?: string;
} {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && value !== null) headers.set(name, toHeaderText(value, name));
  if (auth?.type === 'bearer') headers.set('authorization', `Bearer ${toSent(auth.token, 'auth', 'token')}`);
  if (auth?.type === 'basic')
    headers.set(
      'authorization',
      `Basic ${basicCredentials(toSent(auth.user, 'auth', 'user'), toSent(auth.password, 'auth', 'password'))}`,
    );
  if (body === undefined) return { headers };
  const [type, text] = encodeBody(body, bodyAs);
  if (!headers.has('content-type')) headers.set('content-type', type);
  return { headers, body: text };
}

function encodeBody(body: unknown, as: 'json' | 'form' | 'text'): [type: string, text: string] {
  if (as === 'json') return ['application/json', exactJson(body, ['body'], { undefinedFields: true })];
  if (as === 'text') return ['text/plain;charset=utf-8', toSent(body, 'body')];
  if (typeof body !== 'object' || body === null) throw new TypeError('the body of a form must be an object of fields');
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (item !== undefined && item !== null) form.append(name, toSent(item, 'body', name));
  }
  return ['application/x-www-form-urlencoded', form.toString()];
}

/** Converts a value to text for a request or a response, as in templates. Throws for a value that its text does not fully represent. */
function toSent(value: unknown, ...path: string[]): string {
  if (typeof value === 'bigint') return String(value);
  const json = exactJson(value, path, { undefinedFields: true });
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

/** HTTP has its own formats for dates and for lists. */
export function toHeaderText(value: unknown, name: string): string {
  if (Array.isArray(value)) return value.map((item: unknown) => toHeaderText(item, name)).join(', ');
  const text = toSent(value, 'headers', name);
  return value instanceof Date ? value.toUTCString() : text;
}

/** RFC 7617: user and password in UTF-8. */
const basicCredentials = (user: string, password: string): string =>
  toBase64(new TextEncoder().encode(`${user}:${password}`));

/** Reads JSON when the type and the text are JSON; text otherwise; null for no body. */
async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  if (!/[/+]json\b/i.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Parses JSON. An integer beyond 2^53 becomes the text of its digits, as in parameters (src/kernel/long-integers.ts). */
const parseJson = (text: string): unknown =>
  LONG.test(text)
    ? (JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as unknown)
    : JSON.parse(text);

const keepDigits = (_key: string, value: unknown, { source = '' }: { source?: string }): unknown =>
  typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(source) || String(value) === source
    ? value
    : source;
