import { fromDigits } from '../../kit/text-values.rules';
import type { Endpoint } from './endpoint.queries';

type RateLimit = NonNullable<Endpoint['rateLimit']>;

/** A window in which calls are counted, as a form edits it. */
export interface WindowValues {
  limit: string;
  windowSeconds: string;
  by: RateLimit['by'];
}

/** Windows that an endpoint may have. */
export const MAX_WINDOWS = 4;

export const NEW_WINDOW: WindowValues = { limit: '60', windowSeconds: '60', by: 'ip' };

export const toWindows = (rateLimit: RateLimit | null): WindowValues[] =>
  rateLimit === null
    ? []
    : [rateLimit, ...(rateLimit.also ?? [])].map(({ limit, windowSeconds, by }) => ({
        limit: String(limit),
        windowSeconds: String(windowSeconds),
        by,
      }));

/** Returns the rate limit of windows; null without any. */
export function fromWindows(
  windows: readonly WindowValues[],
  whenUnavailable: NonNullable<RateLimit['whenUnavailable']>,
): RateLimit | null {
  const [first, ...also] = windows.map(({ limit, windowSeconds, by }) => ({
    limit: fromDigits(limit),
    windowSeconds: fromDigits(windowSeconds),
    by,
  }));
  return first === undefined ? null : { ...first, also, whenUnavailable };
}

/** Returns the place of a window in the API. */
export const placeOfWindow = (index: number): string => (index === 0 ? '/rateLimit' : `/rateLimit/also/${index - 1}`);

/** True when repeats of a call are answered from the first response. */
export type Repeats = 'off' | 'offered' | 'required';
export const toRepeats = (idempotency: Endpoint['idempotency']): Repeats =>
  idempotency === null ? 'off' : idempotency.required ? 'required' : 'offered';
export const fromRepeats = (repeats: Repeats): Endpoint['idempotency'] =>
  repeats === 'off' ? null : { required: repeats === 'required' };
