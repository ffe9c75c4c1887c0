/** Members that an expression may not name; src/core/workflow/language/reach.rules.ts has the same list, for names that are literals. */
const FORBIDDEN = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/**
 * Checks a computed member name of an expression. Converts it to text once, here, so that an object whose `toString` changes between calls
 * gains nothing.
 */
export function $key(name: unknown): string | number {
  if (typeof name === 'number') return name;
  const text = String(name);
  if (FORBIDDEN.has(text)) throw new TypeError(`the member ${text} is not available in an expression`);
  return text;
}

/** Joins the parts of a template. Null and undefined become empty text. */
export function $text(...parts: unknown[]): string {
  return parts.map((part) => (part === null || part === undefined ? '' : toText(part))).join('');
}

/** Converts a value to text inside a template: JSON for lists and objects, ISO 8601 for dates, which JSON would quote. */
export function toText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
