import type { Outcome } from '../../runtime/types';
import { readUtf8, toBase64 } from '../../kernel/encoding';
import { isHiddenFromHandlers } from '../../kernel/http-headers';
import type { Context } from '../access/context';
import type { CallContext } from './call';
import { attachedFailure, reasonOf, requestJson, runAttached } from './run-attached';
import { countBody } from './stream-body';

type Answered = Extract<Outcome, { kind: 'text' | 'response' }>;

/** An answer whose body is in memory. */
interface Whole {
  status: number;
  headers: [name: string, value: string][];
  body: string | Uint8Array<ArrayBuffer>;
  format: 'json' | 'text' | 'none';
  html?: true;
}

/**
 * Runs the handlers of `response.after` on an answer, in order. Each gets it as the parameter `answer`, and returns nothing, or an answer: its
 * body, and its status and headers where it has some, replace those. A streamed body is read as a whole. Fails closed: when one fails, the
 * call has failed, since it may have had to remove something.
 */
export async function runAfter(ctx: Context, call: CallContext, outcome: Answered): Promise<Outcome> {
  const { cold, report, drain } = outcome;
  const known = { cold, report, drain };
  let whole = await readWhole(ctx, call, outcome);
  if (typeof whole === 'string') return { ...known, kind: 'bad', reason: whole };
  const { after, middleware, limits } = call.definition;
  for (const [index, attached] of after.entries()) {
    const params = `{"answer":${answerJson(whole)},"request":${requestJson(call, isHiddenFromHandlers)}}`;
    const left = call.admittedAt + limits.timeoutMs - ctx.now();
    const changed = await runAttached(ctx, call, attached, middleware.length + index, params, left);
    if (changed.kind !== 'text' && changed.kind !== 'response')
      return { ...attachedFailure(reasonOf(attached.path, changed)), ...known };
    const next = await readWhole(ctx, call, changed);
    void changed.drain?.();
    if (typeof next === 'string') return { ...attachedFailure(`${attached.path}: ${next}`), ...known };
    whole = merge(whole, next, changed.kind === 'text' && changed.status === null);
  }
  return { ...known, ...toOutcome(whole) };
}

/** Headers that describe the body that is replaced. */
const OF_BODY = new Set([
  'content-type',
  'content-disposition',
  'content-language',
  'content-range',
  'etag',
  'digest',
  'content-digest',
  'repr-digest',
]);

function merge(before: Whole, next: Whole, keepsStatus: boolean): Whole {
  const status = keepsStatus ? before.status : next.status;
  const isBare = next.format === 'none' && next.body.length === 0;
  if (isBare && keepsStatus && next.headers.length === 0) return before;
  const named = new Set(next.headers.map(([name]) => name.toLowerCase()));
  const kept = before.headers.filter(([name]) => !named.has(name.toLowerCase()) && !OF_BODY.has(name.toLowerCase()));
  return { ...next, status, headers: [...kept, ...next.headers] };
}

/** Returns the whole answer, or why its body cannot be read. */
async function readWhole(ctx: Context, call: CallContext, outcome: Answered): Promise<Whole | string> {
  if (outcome.kind === 'text') {
    const { format, headers, body, html } = outcome;
    const status = outcome.status ?? (format === 'none' ? 204 : 200);
    return { status, headers, body, format, ...(html ? { html } : {}) };
  }
  const { response } = outcome;
  const { timeoutMs, responseBytes } = call.definition.limits;
  const left = Math.max(1, call.admittedAt + timeoutMs - ctx.now());
  const headers = [...response.headers].filter(([name]) => !name.startsWith('x-portico-'));
  if (response.body === null) return { status: response.status, headers, body: '', format: 'none' };
  const counted = countBody(response.body, responseBytes, left, null);
  try {
    const body = new Uint8Array(await new Response(counted.body).arrayBuffer());
    return { status: response.status, headers, body, format: 'text' };
  } catch {
    return `the body was cut (${(await counted.ended).cut ?? 'handler_failed'})`;
  }
}

/** Bytes that are not text are in `base64`; JSON is a value. */
function answerJson({ status, headers, body, format }: Whole): string {
  const text = typeof body === 'string' ? body : readUtf8(body);
  const known = JSON.stringify({ status, headers: toShown(headers) }).slice(0, -1);
  if (text === null) return `${known},"body":null,"base64":"${toBase64(body as Uint8Array)}"}`;
  if (format === 'none' && text === '') return `${known},"body":null}`;
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const isJson = (format === 'json' || /[/+]json\b/i.test(type)) && parses(text);
  return `${known},"body":${isJson ? text : JSON.stringify(text)}}`;
}

/** Returns headers by their names in lower case, without cookies: an object has one of each, and the others would be lost. */
function toShown(headers: Whole['headers']): Record<string, string> {
  const shown = Object.create(null) as Record<string, string>;
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (name !== 'set-cookie') shown[name] = name in shown ? `${shown[name]}, ${value}` : value;
  }
  return shown;
}

/** The text comes from an isolate: only JSON may become a part of other JSON. */
function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Plain<O> = O extends unknown ? Omit<O, 'cold' | 'report' | 'drain'> : never;

function toOutcome({ status, headers, body, format, html }: Whole): Plain<Answered> {
  if (typeof body === 'string') return { kind: 'text', format, status, headers, body, ...(html ? { html } : {}) };
  return { kind: 'response', response: new Response(body, { status, headers }) };
}
