import { quietly } from './capture';
import { stringify } from './json';
import { cycleIn, jsonIssue } from './json-issue';

/** The first line of an envelope; the body follows it unencoded. Read by ../../envelope.ts. */
export interface Head {
  kind: 'json' | 'text' | 'none' | 'bad' | 'error';
  status?: number;
  headers?: [string, string][];
  reason?: string;
}
export type Answer = { head: Head; body: string } | { response: Response };

/** The head of a value that is sent as JSON. */
export const JSON_HEAD: Head = Object.freeze({ kind: 'json' });

/** The text of a Response that was made from text. Such a response is complete: it needs no stream and no later report. */
const texts = new WeakMap<Response, string>();

const isEmpty = (body: unknown): boolean =>
  body instanceof ArrayBuffer || ArrayBuffer.isView(body)
    ? body.byteLength === 0
    : body instanceof Blob && body.size === 0;

/** Remembers the text of each `new Response(text)`, and which are empty; the class otherwise stays the platform's. */
export function rememberTexts(): void {
  globalThis.Response = new Proxy(Response, {
    construct: (target, args: unknown[], newTarget) => {
      const response = Reflect.construct(target, args, newTarget) as Response;
      if (typeof args[0] === 'string') texts.set(response, args[0]);
      else if (isEmpty(args[0])) texts.set(response, '');
      return response;
    },
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'json') return value;
      return (data: unknown, init?: ResponseInit) => {
        const headers = init?.headers === undefined ? JSON_HEADERS : asJson(init.headers);
        const text = stringify(data);
        if (text === undefined) throw new TypeError('The data has no JSON form');
        return Reflect.construct(receiver as typeof Response, [text, { ...init, headers }]) as Response;
      };
    },
  });
}

/** Not the platform's Headers: each of its objects costs the call. */
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json' });

function asJson(given: HeadersInit): Headers {
  const headers = new Headers(given);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return headers;
}

const bad = (reason: string): Answer => ({ head: { kind: 'bad', reason }, body: '' });

/**
 * Converts a returned value to an answer (docs/handlers.md has the table). `named`: a string that is JSON is sent as JSON, Pyplan's rule.
 * `tuples`: `[data, status]` and `[data, status, headers]` set the status; only `handler` may use them, or a list of two numbers from a
 * plain function would be mistaken for one.
 */
export function toAnswer(value: unknown, named: boolean, tuples: boolean): Answer {
  if (tuples && isTuple(value)) return withStatus(toAnswer(value[0], named, false), value[1], value[2]);
  if (value === undefined) return { head: { kind: 'none' }, body: '' };
  if (value instanceof Response) return fromResponse(value);
  if (typeof value === 'string')
    return named && isJson(value) ? { head: { kind: 'json' }, body: value } : { head: { kind: 'text' }, body: value };
  if (
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) ||
    value instanceof ReadableStream ||
    value instanceof Blob
  ) {
    if (value instanceof ReadableStream && value.locked) return bad('the ReadableStream is being read already');
    const type = (value instanceof Blob && value.type) || 'application/octet-stream';
    return { response: new Response(value as BodyInit, { headers: { 'content-type': type } }) };
  }
  return toJsonAnswer(value);
}

function toJsonAnswer(value: unknown): Answer {
  let text: string | undefined;
  try {
    text = stringify(value);
  } catch (error) {
    return bad(jsonIssueOfThrown(value, error));
  }
  const issue = quietly(() => jsonIssue(value));
  return issue === null && text !== undefined
    ? { head: JSON_HEAD, body: text }
    : bad(issue ?? 'the value has no JSON form');
}

/** Returns why JSON.stringify refused a value: a BigInt, a cycle, too many levels, a method that threw. */
function jsonIssueOfThrown(value: unknown, error: unknown): string {
  if (error instanceof TypeError && /BigInt/.test(error.message))
    return jsonIssue(value) ?? 'the value has a BigInt in it';
  if (error instanceof TypeError && /circular/.test(error.message)) {
    const cycle = cycleIn(value);
    if (cycle !== null) return cycle;
  }
  if (error instanceof RangeError && /call stack/.test(error.message)) return 'the value nests too deeply';
  return `the value has no JSON form: ${error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read'}`;
}

function isTuple(value: unknown): value is [unknown, number, unknown?] {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 3)) return false;
  const status: unknown = value[1];
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
}

function withStatus(answer: Answer, status: number, headers: unknown): Answer {
  let pairs: [string, string][];
  try {
    pairs = pairsOf(new Headers((headers ?? {}) as HeadersInit));
  } catch {
    return bad('the headers of [data, status, headers] must be an object of strings');
  }
  if ('head' in answer) {
    const none = answer.head.kind === 'none' || status === 204 || status === 304;
    return answer.head.kind === 'bad'
      ? answer
      : {
          head: {
            ...answer.head,
            kind: none && answer.body === '' ? 'none' : answer.head.kind,
            status,
            headers: [...(answer.head.headers ?? []), ...pairs],
          },
          body: answer.body,
        };
  }
  if (status === 204 || status === 205 || status === 304) return bad(`a ${status} has no body`);
  const merged = new Headers(answer.response.headers);
  for (const [name, text] of pairs)
    if (name === 'set-cookie') merged.append(name, text);
    else merged.set(name, text);
  return { response: new Response(answer.response.body, { status, headers: merged }) };
}

function fromResponse(response: Response): Answer {
  if (response.status < 200 || response.webSocket) return bad(`status ${response.status} cannot be sent`);
  const { bodyUsed } = response;
  // Without a look at `body`, which makes a stream.
  const text = bodyUsed ? undefined : texts.get(response);
  if (text !== undefined && text !== '') {
    return { head: { kind: 'text', status: response.status, headers: pairsOf(response.headers) }, body: text };
  }
  const { body } = response;
  if (bodyUsed || body?.locked === true) return bad(ALREADY_READ);
  return body === null || hasNothing(response, text)
    ? { head: { kind: 'none', status: response.status, headers: pairsOf(response.headers) }, body: '' }
    : { response };
}

/** Checks for a response that is empty and has no type, as those of fetch often are: the default type may not be allowed. */
const hasNothing = ({ headers }: Response, text: string | undefined): boolean =>
  (text === '' || headers.get('content-length') === '0') && !headers.has('content-type');

/** Not by the platform's iterator, which makes two objects for each header. */
function pairsOf(headers: Headers): [string, string][] {
  const pairs: [string, string][] = [];
  headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

const ALREADY_READ =
  'the body of the Response has been read already; return response.clone() made before that, or a new Response';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
