/*
 * Values that a form edits as text: lists with one item a line, maps, and whole numbers. The service checks them; what is no number is sent as it
 * is, so that its message is at the field.
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
