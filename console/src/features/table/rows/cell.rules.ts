import { isRounded, parseExact, ROUNDED } from '../../../kit/exact-json.rules';

/** A value of a cell as it is read from text, or what is wrong with the text. */
export type ReadCell = { value: unknown } | { issue: string };

const NUMBER = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** Returns a value of a row as one text: empty for none, JSON for what is not text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Reads the value of a column from text. Empty text is no value. The rules of types are those of the service alone: what is no number or
 * boolean is sent as text, and the service says what is wrong with it.
 */
export function readCell(type: string, text: string): ReadCell {
  if (text === '') return { value: null };
  switch (type) {
    case 'integer':
    case 'number':
      return readNumber(text);
    case 'boolean':
      return { value: text === 'true' ? true : text === 'false' ? false : text };
    case 'json':
      return readJson(text);
    default:
      return { value: text };
  }
}

function readNumber(text: string): ReadCell {
  if (isRounded(text.trim())) return { issue: ROUNDED };
  const isNumber = NUMBER.test(text.trim()) && Number.isFinite(Number(text));
  return { value: isNumber ? Number(text) : text };
}

function readJson(text: string): ReadCell {
  try {
    return { value: parseExact(text) };
  } catch (error) {
    return { issue: `must be JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Columns whose values have more than one line: they are edited in the form of their row, not in a cell. */
export const isLong = (type: string): boolean => type === 'longtext' || type === 'json';
