import type { Outcome } from '../../runtime/types';
import { leadsTo } from '../egress/redirect-host.rules';
import { copyHeaders, plainHeaders, type HeaderPolicy } from './answer-headers.rules';
import { utf8Length } from '../../kernel/encoding';
import { mediaTypeOf } from '../../kernel/decode-text';

/**
 * A handler's response as it may be sent, with warnings for the run's log; or why it must not be sent. `headers` may be shared with other
 * responses: `new Response` copies them.
 */
export type Answer =
  | { kind: 'ok'; status: number; headers: Headers; body: string | ReadableStream | null; warnings: string[] }
  | { kind: 'bad'; reason: string };

export interface AnswerPolicy extends HeaderPolicy {
  responseTypes: ReadonlySet<string>;
  responseBytes: number;
}

const NO_BODY = new Set([204, 205, 304]);

/** Rebuilds a handler's response from allowed parts only (step 10 of a call). Pure. */
export function toAnswer(outcome: Extract<Outcome, { kind: 'text' | 'response' }>, policy: AnswerPolicy): Answer {
  const status =
    outcome.kind === 'response' ? outcome.response.status : (outcome.status ?? (outcome.format === 'none' ? 204 : 200));
  const body =
    outcome.kind === 'response'
      ? outcome.response.body
      : outcome.format === 'none' || outcome.body === ''
        ? null
        : outcome.body;
  if (status < 200 || status > 599) return bad(`status ${status} is not 200 to 599`);
  if (body !== null && NO_BODY.has(status)) return bad(`a ${status} has no body`);
  if (typeof body === 'string' && exceeds(body, policy.responseBytes))
    return bad(`the body is larger than ${policy.responseBytes} bytes`);
  if (
    outcome.kind === 'response' &&
    Number(outcome.response.headers.get('content-length') ?? 0) > policy.responseBytes
  ) {
    return bad(`the body is larger than ${policy.responseBytes} bytes`);
  }
  const type = outcome.kind === 'text' ? onlyType(outcome, body, policy) : undefined;
  if (type !== undefined) {
    const issue = type === null ? null : typeIssue(type, policy);
    return issue === null ? { kind: 'ok', status, headers: plainHeaders(type), body, warnings: [] } : bad(issue);
  }
  const isRedirect = status >= 300 && status < 400;
  const given = outcome.kind === 'response' ? outcome.response.headers : outcome.headers;
  const copied = copyHeaders(given, policy, isRedirect);
  if (typeof copied === 'string') return bad(copied);
  const { headers, warnings } = copied;
  if (body !== null) {
    if (!headers.has('content-type')) headers.set('content-type', defaultType(outcome, policy));
    const issue = typeIssue(headers.get('content-type'), policy);
    if (issue !== null) return bad(issue);
  }
  const location = headers.get('location');
  if (location !== null && isRedirect && !leadsTo(policy, location))
    return bad('a redirect may only lead to another host that the endpoint lists (response.redirects)');
  return { kind: 'ok', status, headers, body, warnings };
}

const bad = (reason: string): Answer => ({ kind: 'bad', reason });

/** A type that is valid HTTP and short. */
const PLAIN_TYPE = /^[!-~][ -~]{0,99}$/;

/**
 * Returns the content type of an answer that has no other header, as most have: null without a body. Undefined for an answer that needs each
 * of its headers checked.
 */
function onlyType(
  outcome: Extract<Outcome, { kind: 'text' }>,
  body: unknown,
  policy: AnswerPolicy,
): string | null | undefined {
  const [first] = outcome.headers;
  if (first === undefined) return body === null ? null : defaultType(outcome, policy);
  const [name, value] = first;
  const isType = outcome.headers.length === 1 && body !== null && name.toLowerCase() === 'content-type';
  return isType && PLAIN_TYPE.test(value) ? value : undefined;
}

function typeIssue(contentType: string | null, { responseTypes }: AnswerPolicy): string | null {
  const type = mediaTypeOf(contentType);
  return responseTypes.has(type)
    ? null
    : `the type ${type} is not allowed in responses of this endpoint (response.types)`;
}

/** Checks whether the UTF-8 form exceeds `limit` bytes. Encodes only when the length in characters does not decide it. */
export function exceeds(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && utf8Length(text) > limit;
}

function defaultType(outcome: Extract<Outcome, { kind: 'text' | 'response' }>, policy: AnswerPolicy): string {
  if (outcome.kind === 'response') return 'application/octet-stream';
  if (outcome.format === 'json') return 'application/json';
  return outcome.html && policy.responseTypes.has('text/html')
    ? 'text/html; charset=utf-8'
    : 'text/plain; charset=utf-8';
}
