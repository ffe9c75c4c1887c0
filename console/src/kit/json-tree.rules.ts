export type Branch = readonly unknown[] | Readonly<Record<string, unknown>>;

export const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;

/** Returns the first `count` parts of an array or object, with their names. */
export const childrenOf = (value: Branch, count: number): [name: string, value: unknown][] =>
  Array.isArray(value)
    ? value.slice(0, count).map((item, index): [string, unknown] => [String(index), item])
    : Object.entries(value).slice(0, count);

/** Says what a closed branch holds: `[3 items]`, `{id, name, …}`. */
export function summaryOf(value: Branch): string {
  if (Array.isArray(value)) return value.length === 1 ? '[1 item]' : `[${value.length} items]`;
  const names = Object.keys(value);
  const more = names.length > 3 ? ', …' : '';
  return `{${names
    .slice(0, 3)
    .map((name) => printable(name).slice(0, 40))
    .join(', ')}${more}}`;
}

/** Shows control characters and marks that change the direction of text as escapes: what a record holds may be an attacker's. */
export const printable = (text: string): string =>
  text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
