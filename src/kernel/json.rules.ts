import { visit } from 'jsonc-parser';

/** Maximum levels of arrays and objects in a JSON body. */
export const MAX_JSON_DEPTH = 64;

/** True when `text` opens more than `limit` arrays and objects within each other. One pass, no recursion, text in strings ignored. */
export function isTooDeep(text: string, limit: number = MAX_JSON_DEPTH): boolean {
  // Every level needs two characters, one of them a bracket that opens.
  if (text.length < limit * 2 || !hasMoreBrackets(text, limit)) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/**
 * True when `text` has more than `limit` brackets that open, and commas: each stands for a value, which takes memory when the text is
 * parsed, however short it is. Text in strings is ignored. Not one loop with that of `isTooDeep`: asking a function
 * about each character takes up to twice the time.
 */
export function hasMoreValues(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let values = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if ((code === 0x7b || code === 0x5b || code === 0x2c) && ++values > limit) return true;
  }
  return false;
}

/** Checks whether more than `count` brackets open in a text, those in strings included: a search by the engine, faster than any loop here. */
function hasMoreBrackets(text: string, count: number): boolean {
  let left = count;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (--left < 0) return true;
  }
  return false;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns the place where JSON.parse stopped in `text`. Its own messages quote the text, which may be a password that would then be in a
 * response and a run.
 */
export function placeOf(error: unknown, text: string): string {
  const position = error instanceof SyntaxError ? / at position (\d{1,9})/.exec(error.message)?.[1] : undefined;
  const offset = position === undefined ? findSyntaxError(text) : Number(position);
  if (offset === null) return '';
  if (text.trim() === '') return '; it is empty';
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const place = `line ${line}, column ${column} (character ${offset + 1})`;
  return text.slice(offset).trim() === '' ? `; it ends too early, at ${place}` : `; ${place} is unexpected`;
}

/** V8 gives no position for words such as NaN, None or undefined. The first place that is not JSON, or null. */
function findSyntaxError(text: string): number | null {
  let found: number | null = null;
  const stop = (): boolean => found === null;
  visit(
    text,
    {
      onError: (_code, offset) => void (found ??= offset),
      // Objects and lists after the first issue are skipped.
      onObjectBegin: stop,
      onArrayBegin: stop,
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  return found;
}

/** Compares values as JSON, in any order of fields; null equals undefined. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, i) => isSameJson(item, other[i]));
  if (isObject(one) && isObject(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSameJson(one[key], other[key]));
  return (one ?? null) === (other ?? null);
}

/**
 * Returns true when two values are equal in JSON: members in any order; bytes by their content; an object of any other class by its own
 * members. Unlike `isSameJson`, it distinguishes null from a missing member. Values are at most 64 levels deep.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return sameBytes(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(b, name) && sameValue((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}

function sameBytes(a: ArrayBuffer, b: ArrayBuffer): boolean {
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
