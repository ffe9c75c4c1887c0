import { REDACTED } from './redact.rules';

/** Shorter values are part of too many words: taking them out would leave nothing to read. */
const MIN_LENGTH = 4;

/** The texts to look for: every text or number in `values`, at any depth, longest first. */
export function secretTexts(values: unknown[]): string[] {
  const texts = new Set<string>();
  const collect = (value: unknown, depth: number): void => {
    if (typeof value === 'string' || typeof value === 'number') texts.add(String(value));
    else if (typeof value === 'object' && value !== null && depth < 64)
      for (const item of Object.values(value)) collect(item, depth + 1);
  };
  for (const value of values) collect(value, 0);
  return [...texts].filter((text) => text.length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

/** Every string in a JSON-like value without the secrets: as they are, as JSON writes them and as a URL does. */
export function scrub<T>(value: T, secrets: readonly string[]): T {
  const forms = [...new Set(secrets.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encoded(text)]))];
  if (forms.length === 0) return value;
  const walk = (item: unknown): unknown => {
    if (typeof item === 'string') return forms.reduce((text, form) => text.replaceAll(form, REDACTED), item);
    if (Array.isArray(item)) return item.map(walk);
    if (typeof item === 'object' && item !== null)
      return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, walk(inner)]));
    return item;
  };
  return walk(value) as T;
}

/** encodeURIComponent, for text that may hold half a surrogate pair too. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
