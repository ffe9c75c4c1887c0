import { inspect } from '../javascript/inspect';
import { Secret } from './secret';

/** Maximum of a recorded value: characters in all and per text, items per list or object, levels. */
const VALUE_CHARS = 4_096;
const TEXT_CHARS = 1_024;
const ITEMS = 50;
const LEVELS = 8;
/** Longer than any likely secret: a text is scrubbed this far beyond its cut. */
const SECRET_CHARS = 4_096;

/** The remaining characters of the record. */
interface Cut {
  left: number;
  scrub: (text: string) => string;
}

/**
 * Copies a value for a step's record: JSON, cut to a bounded size at a bounded cost however large the value, secrets replaced. Marks a cut
 * in place (`… 9 more`). Never throws.
 */
export function snapshot(value: unknown, scrub: (text: string) => string): unknown {
  try {
    return copy({ left: VALUE_CHARS, scrub }, value, 0);
  } catch {
    return '[not readable]';
  }
}

function copy(cut: Cut, part: unknown, level: number): unknown {
  switch (typeof part) {
    case 'string':
      return copyText(cut, part);
    case 'number':
      cut.left -= 8;
      return Number.isFinite(part) ? part : String(part);
    case 'boolean':
      cut.left -= 4;
      return part;
    case 'bigint':
      return copyText(cut, String(part));
    case 'undefined':
      return undefined;
    case 'function':
    case 'symbol':
      return `[${typeof part}]`;
    case 'object':
      return part === null ? null : copyObject(cut, part, level);
  }
}

function copyText(cut: Cut, whole: string): string {
  // Scrubbed before it is cut: half a secret would not match.
  const head = cut.scrub(whole.slice(0, TEXT_CHARS + SECRET_CHARS));
  const kept = head.slice(0, Math.max(0, Math.min(TEXT_CHARS, cut.left)));
  cut.left -= kept.length + 2;
  const isCut = kept.length < head.length || whole.length > TEXT_CHARS + SECRET_CHARS;
  return isCut ? `${kept}… (${whole.length} characters)` : kept;
}

/** Cuts a text. A `…` marks the cut: a run record searches there for the beginning of a secret. */
export const cutText = (text: string, chars: number): string =>
  text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;

function copyObject(cut: Cut, part: object, level: number): unknown {
  cut.left -= 2;
  if (part instanceof Secret) return part.toString();
  if (part instanceof Date) return Number.isNaN(part.getTime()) ? 'Invalid Date' : part.toISOString();
  if (part instanceof Error) return copyError(cut, part, level);
  if (part instanceof Blob) return `[${part.type || 'file'}, ${part.size} bytes]`;
  if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return `[${part.byteLength} bytes]`;
  if (holdsUnseen(part)) return copyText(cut, inspect(part, TEXT_CHARS + SECRET_CHARS));
  if (level >= LEVELS) return Array.isArray(part) ? '[…]' : '{…}';
  return Array.isArray(part) ? copyList(cut, part, level + 1) : copyFields(cut, part, level + 1);
}

/** Copies an error with its causes; other fields of an error are seldom JSON. */
function copyError(cut: Cut, { name, message, cause }: Error, level: number): unknown {
  const kept = { name: copyText(cut, name), message: copyText(cut, message) };
  if (cause === undefined) return kept;
  return { ...kept, cause: level >= LEVELS ? '{…}' : copy(cut, cause, level + 1) };
}

/** Returns true for an object whose contents are not in its own fields, as with a Map. */
const holdsUnseen = (part: object): boolean => {
  const proto: unknown = Object.getPrototypeOf(part);
  if (proto === Object.prototype || proto === null || Array.isArray(part)) return false;
  return Object.keys(part).length === 0;
};

function copyList(cut: Cut, items: readonly unknown[], level: number): unknown[] {
  const kept: unknown[] = [];
  for (const item of items) {
    if (kept.length === ITEMS || cut.left <= 0) break;
    kept.push(copy(cut, item, level) ?? null);
  }
  return kept.length < items.length ? [...kept, `… ${items.length - kept.length} more`] : kept;
}

function copyFields(cut: Cut, object: object, level: number): Record<string, unknown> {
  const names = Object.keys(object);
  const kept: [string, unknown][] = [];
  let seen = 0;
  for (const name of names) {
    if (seen === ITEMS || cut.left <= 0) break;
    seen++;
    cut.left -= 1;
    const item = copy(cut, (object as Record<string, unknown>)[name], level);
    if (item !== undefined) kept.push([copyText(cut, name), item]);
  }
  return Object.fromEntries(seen < names.length ? [...kept, ['…', `${names.length - seen} more`]] : kept);
}
