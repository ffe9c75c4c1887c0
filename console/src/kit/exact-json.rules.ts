const WHOLE = /^-?[0-9]+$/;

/** Message for a whole number that the browser would round before the service sees it. */
export const ROUNDED = 'must not be a whole number beyond 9007199254740991, which would be rounded';

export const isRounded = (digits: string): boolean => WHOLE.test(digits) && !Number.isSafeInteger(Number(digits));

/** Parses JSON as `JSON.parse` does. Throws a SyntaxError also for a whole number that would be rounded. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_name: string, value: unknown, context?: { source: string }) => {
    if (typeof value === 'number' && isRounded(context?.source ?? '')) throw new SyntaxError(ROUNDED);
    return value;
  }) as unknown;
}
