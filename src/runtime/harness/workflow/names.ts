/** Members that an expression may not name; src/core/workflow/language/reach.rules.ts has the same list, for those that are written out. */
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
 * What a computed member name of an expression goes through. The name is made text here, once: an object whose `toString` answers
 * differently the second time gets nowhere.
 */
export function $key(name: unknown): string | number {
  if (typeof name === 'number') return name;
  const text = String(name);
  if (FORBIDDEN.has(text)) throw new TypeError(`the member ${text} is not available in an expression`);
  return text;
}

/** Joins the parts of a template: nothing for null and undefined. */
export function $text(...parts: unknown[]): string {
  return parts.map((part) => (part === null || part === undefined ? '' : toText(part))).join('');
}

/** A value inside of a text: JSON for lists and objects, ISO 8601 for dates, which JSON would put in quotes. */
export function toText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
