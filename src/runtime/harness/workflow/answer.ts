import { Thrown } from './errors';
import { toHeaderText } from './http';
import type { Answer, Definition } from './types';

/** Converts the input of a `respond` step: a computed status or header may be anything. Throws a TypeError. */
export function toAnswer(kind: Definition['kind'], input: Record<string, unknown>): Answer {
  const { status = kind === 'middleware' ? 403 : 200, body } = input;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599)
    throw new TypeError('the status must be a whole number from 200 to 599');
  if (typeof body === 'function' || typeof body === 'symbol') throw new TypeError(`a ${typeof body} cannot be sent`);
  const headers = toHeaders(input['headers']);
  if (kind === 'middleware')
    return { outcome: 'refuse', status: status as number, headers, ...(body === undefined ? {} : { body }) };
  return [body, status as number, headers];
}

/** Values of one header make one text, except cookies: each is a header of its own. */
function toHeaders(given: unknown): [name: string, value: string][] {
  const entries = Object.entries((given ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return entries.flatMap(([given, value]): [string, string][] => {
    const name = given.toLowerCase();
    const texts = name === 'set-cookie' && Array.isArray(value) ? (value as unknown[]) : [value];
    return texts.map((text) => [name, toHeaderText(text, given)]);
  });
}

/** Returns the problem (docs/errors.md) for a `throw` step that no step caught; null for other errors, for which the platform returns a bare 500. */
export function toErrorAnswer(kind: Definition['kind'], error: unknown, requestId: string | undefined): Answer | null {
  if (!(error instanceof Thrown)) return null;
  const status = error.status ?? (kind === 'middleware' ? 403 : undefined);
  if (status === undefined) return null;
  const code = 'workflow_refused';
  const body = {
    type: `urn:portico:error:${code}`,
    title: 'Refused by the workflow',
    status,
    detail: error.message,
    code,
    ...(requestId === undefined ? {} : { requestId }),
  };
  return kind === 'middleware' ? { outcome: 'refuse', status, headers: [], body } : [body, status, []];
}
