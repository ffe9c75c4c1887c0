import { ApiError } from './errors';

/*
 * JSON with integers beyond 2^53. JSON.parse silently turns 9007199254740993 into ...992; here it becomes a
 * LongInteger, which JSON.stringify writes with the digits that it came with.
 */

/** Text that JSON.stringify writes unchanged. TypeScript's library does not declare it yet. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** An integer beyond JavaScript's exact range. */
export class LongInteger {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
  toJSON(): unknown {
    return rawJson(this.digits);
  }
  toString(): string {
    return this.digits;
  }
}

/** Maximum digits of a number: the limit of Python. */
const MAX_DIGITS = 4300;
/** Texts without this many consecutive digits have no such number; most bodies cost only this search. */
const LONG = /[0-9]{16}|[0-9]e\+?[0-9]{3}/i;

/** Checks whether a JSON text may have a number that JavaScript would change. False for most texts, which then need no exact parse. */
export const mayHaveLong = (text: string): boolean => LONG.test(text);

/** Parses JSON with exact integers. Throws a SyntaxError as JSON.parse does, and 400 `invalid_json` for a number above the limits. */
export const parseJson = (text: string, hasLong = mayHaveLong(text)): unknown =>
  hasLong ? (JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as unknown) : JSON.parse(text);

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  if (/^-?[0-9]+$/.test(source)) return toInteger(source, value);
  if (!Number.isFinite(value)) throw tooLarge();
  return value;
}

/** Converts an integer literal to a number where it is exact, else to a LongInteger. */
export function toInteger(literal: string, value = Number(literal)): number | LongInteger {
  if (Number.isSafeInteger(value)) return value;
  const digits = literal.replace(/^\+/, '').replace(/^(-?)0+(?=[0-9])/, '$1');
  if (digits.length > MAX_DIGITS) throw tooLarge();
  return String(value) === digits ? value : new LongInteger(digits);
}

/** Checks whether JSON.parse keeps this number: it must be finite, and a whole number must not change. */
export function isKept(literal: string): boolean {
  const value = Number(literal);
  if (Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(literal)) return Number.isFinite(value);
  return String(value) === literal;
}

const tooLarge = (): ApiError =>
  new ApiError(
    'invalid_json',
    `A number is too large: integers have at most ${MAX_DIGITS} digits, others stay below 1.8e308.`,
  );

/** Parses JSON for code in JavaScript: long integers become the text of their digits. Throws as `parseJson` does. */
export const parseForJavaScript = (text: string): unknown =>
  mayHaveLong(text) ? longAsText(parseJson(text)) : JSON.parse(text);

/**
 * Renders JSON for code with exact integers beyond 2^53 (`longIntegers`), or for JavaScript, where long integers become the text of their
 * digits.
 */
export function toJson(value: unknown, longIntegers: boolean): string {
  const text = JSON.stringify(value);
  return longIntegers || !mayHaveLong(text) ? text : JSON.stringify(longAsText(value));
}

/** Returns a value with long integers as text, for code in JavaScript. Values are at most 64 levels deep. */
export function longAsText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof LongInteger) return value.digits;
  if (Array.isArray(value)) return value.map(longAsText);
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) copy[name] = longAsText(item);
  return copy;
}

/** Returns whether a text is a decimal number as people and programs write it: `+1.5`, `.5`, `1e3`. */
export const isDecimal = (text: string): boolean =>
  /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?$/i.test(text);
