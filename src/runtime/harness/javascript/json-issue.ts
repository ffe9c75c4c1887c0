import { describe, showPath, type Path } from './exact-json';

/**
 * Returns the first thing that JSON.stringify would silently omit or change in a value; null when its JSON has all of it. Not reported, as
 * is usual for JSON: members that are undefined or functions are omitted, undefined items of lists become null, an object with a `toJSON`
 * becomes its result, and an instance of a class its fields. JSON.stringify must accept `value`: it contains no cycle.
 */
export function jsonIssue(value: unknown): string | null {
  const at: (string | number)[] = [];
  const found = typeof value === 'object' ? search(value, at, 0) : searchLeaf(value);
  return found && `${showPath(at as Path) || 'the value'} ${found}`;
}

function searchLeaf(value: unknown): string | null {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? null : `is ${value}; write a finite number, or null for no value`;
    case 'bigint':
      return 'is a BigInt; write Number(x) or String(x)';
    case 'function':
    case 'symbol':
      return `is a ${typeof value}`;
    default:
      return null;
  }
}

/** Deeper levels are not searched: values that deep are not data, and the stack is limited. */
const LEVELS = 500;

/** Leaves in `at` the path to the issue. */
function search(value: object | null, at: (string | number)[], level: number): string | null {
  if (value === null || level > LEVELS) return null;
  if (Array.isArray(value)) return searchItems(value, at, level);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return searchFields(value, at, level);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'is an invalid Date; write a valid one, or null' : null;
  const result: unknown = (toJSON as (key: string) => unknown).call(value, '');
  if (typeof result !== 'object' || result === null) return searchLeaf(result);
  return Array.isArray(result) ? searchItems(result, at, level + 1) : searchFields(result, at, level + 1);
}

function searchItems(value: unknown[], at: (string | number)[], level: number): string | null {
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index];
    const found = typeof item === 'object' ? search(item, at, level + 1) : searchLeaf(item);
    if (found !== null) return lead(at, index, found);
  }
  return null;
}

function searchFields(value: object, at: (string | number)[], level: number): string | null {
  const proto: unknown = Object.getPrototypeOf(value);
  const isPlain = proto === Object.prototype || proto === null;
  const names = Object.keys(value);
  if (!isPlain && (names.length === 0 || hasHiddenParts(value))) return noForm(value);
  for (const name of names) {
    const item = (value as Record<string, unknown>)[name];
    if (typeof item === 'function' || typeof item === 'symbol') continue;
    const found = typeof item === 'object' ? search(item, at, level + 1) : searchLeaf(item);
    if (found !== null) return lead(at, name, found);
  }
  return null;
}

function lead(at: (string | number)[], part: string | number, found: string): string {
  at.unshift(part);
  return found;
}

/** Objects whose contents are not in their own fields. */
const hasHiddenParts = (value: object): boolean =>
  value instanceof Error ||
  value instanceof Map ||
  value instanceof Set ||
  value instanceof Promise ||
  value instanceof RegExp ||
  value instanceof Blob ||
  ArrayBuffer.isView(value);

function noForm(value: object): string | null {
  // Wrapped numbers, strings and booleans are their contents.
  if (value instanceof Number) return searchLeaf(value.valueOf());
  if (value instanceof String || value instanceof Boolean) return null;
  const [what, instead] = describe(value);
  return `${what}; ${instead}`;
}

/** Returns the first place of a value that leads back to a value around it; null when there is none. */
export function cycleIn(value: unknown): string | null {
  const at: (string | number)[] = [];
  const open = new Set<unknown>();
  const done = new Set<unknown>();
  const isCycle = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null || done.has(part)) return false;
    if (open.has(part)) return true;
    open.add(part);
    for (const [name, item] of Object.entries(part)) {
      at.push(Array.isArray(part) ? Number(name) : name);
      if (isCycle(item)) return true;
      at.pop();
    }
    open.delete(part);
    done.add(part);
    return false;
  };
  return isCycle(value) ? `${showPath(at as Path)} is a circular reference; leave it out` : null;
}
