import { parseExact } from './exact-json.rules';

/*
 * Values that a form edits as text: lists with one item a line, maps, whole numbers, and JSON. The service checks them; what is no number, or
 * no JSON, is sent as it is, so that its message is at the field.
 */

export const toLines = (items: readonly string[]): string => items.join('\n');

/** Returns the lines without those that are empty. */
export const fromLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Returns a map of names to roles as lines, `Buyers = buyer`. */
export const toPairs = (map: Readonly<Record<string, string>>): string =>
  toLines(Object.entries(map).map(([name, role]) => `${name} = ${role}`));

/** Returns the map of such lines. A role has no equals sign, a name may; a line without one has an empty role, which the service refuses. */
export const fromPairs = (text: string): Record<string, string> => Object.fromEntries(fromLines(text).map(toPair));

function toPair(line: string): [name: string, role: string] {
  const at = line.lastIndexOf('=');
  return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** Returns the text of a number; null is empty. */
export const toDigits = (value: number | null): string => (value === null ? '' : String(value));

/** Returns a whole number. Any other text is returned as it is, as what the service refuses. */
export const fromDigits = (text: string): number =>
  /^-?[0-9]{1,15}$/.test(text.trim()) ? Number(text) : (text as unknown as number);

/** Returns a whole number, or null for an empty text. */
export const fromDigitsIfAny = (text: string): number | null => (text.trim() === '' ? null : fromDigits(text));

/** Returns the JSON of a value over several lines; null is empty. */
export const toJson = (value: object | null): string => (value === null ? '' : JSON.stringify(value, null, 2));

/** Returns the object of a JSON text, or null for an empty one. Any other text is returned as it is, as what the service refuses. */
export function fromJsonIfAny<T extends object>(text: string): T | null {
  if (text.trim() === '') return null;
  return (jsonIssue(text) === undefined ? parseExact(text) : text) as T;
}

/** Returns why a text is neither empty nor JSON, or undefined. */
export function jsonIssue(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseExact(text);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return `must be JSON: ${error.message}`;
    throw error;
  }
}
