/** A value of a cell as it is read from text, or what is wrong with the text. */
export type ReadCell = { value: unknown } | { issue: string };

const WHOLE = /^-?[0-9]+$/;
/** The browser would round it before the service sees it. */
const ROUNDED = 'must not be a whole number beyond 9007199254740991, which would be rounded';
const isRounded = (text: string): boolean => WHOLE.test(text) && !Number.isSafeInteger(Number(text));

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
  let isLossy = false;
  const look = (_name: string, value: unknown, context?: { source: string }): unknown => {
    if (typeof value === 'number' && isRounded(context?.source ?? '')) isLossy = true;
    return value;
  };
  try {
    const value = JSON.parse(text, look) as unknown;
    return isLossy ? { issue: ROUNDED } : { value };
  } catch (error) {
    return { issue: `must be JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Columns whose values have more than one line: they are edited in the form of their row, not in a cell. */
export const isLong = (type: string): boolean => type === 'longtext' || type === 'json';
