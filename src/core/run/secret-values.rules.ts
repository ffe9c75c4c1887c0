import { REDACTED } from './redact.rules';

/** Shorter values turn up in ordinary text by chance: taking them out would leave nothing to read. */
const MIN_LENGTH = 4;

/** The texts to look for: every text and number in `values`, at any depth. */
export function secretTexts(values: unknown[]): string[] {
  const texts = new Set<string>();
  const collect = (value: unknown, depth: number): void => {
    if (typeof value === 'string' || typeof value === 'number') texts.add(String(value));
    else if (typeof value === 'object' && value !== null && depth < 64)
      for (const item of Object.values(value)) collect(item, depth + 1);
  };
  for (const value of values) collect(value, 0);
  return [...texts].filter((text) => text.length >= MIN_LENGTH);
}

/** Replaces every occurrence of the given values in all texts of a structure: plain, as JSON writes them, URL-encoded or base64. */
export function scrubValues<T>(value: T, values: readonly string[]): T {
  if (values.length === 0) return value;
  const needles = [...new Set(values.flatMap(formsOf))]
    .filter((text) => text.length >= MIN_LENGTH)
    // Longest first, so that a value which holds another one goes whole.
    .sort((a, b) => b.length - a.length);
  if (needles.length === 0) return value;
  const scrub = (item: unknown): unknown => {
    if (typeof item === 'string') return needles.reduce((text, needle) => text.replaceAll(needle, REDACTED), item);
    if (Array.isArray(item)) return item.map(scrub);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, member]) => [scrub(name) as string, scrub(member)]));
  };
  return scrub(value) as T;
}

/** Most values are letters and digits, which JSON and URLs write as they are. */
const PLAIN = /^[A-Za-z0-9_.~-]*$/;

const formsOf = (text: string): string[] =>
  PLAIN.test(text)
    ? [text, btoa(text)]
    : [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed()), toBase64(text)];

const toBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
