/** Matches any text that may have an integer that a number cannot hold. */
const LONG = /[0-9]{16}/;

/** Parses JSON. An integer beyond 2^53 becomes the text of its digits, as in parameters (src/kernel/long-integers.ts). */
export const parseJson = (text: string): unknown =>
  LONG.test(text)
    ? (JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as unknown)
    : JSON.parse(text);

const keepDigits = (_key: string, value: unknown, { source = '' }: { source?: string }): unknown =>
  typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(source) || String(value) === source
    ? value
    : source;
