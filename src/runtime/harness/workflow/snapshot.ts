import { Secret } from './secret';

/** What a record keeps of one value: characters of all of it and of one text, items of one list or object, levels. */
const VALUE_CHARS = 4_096;
const TEXT_CHARS = 1_024;
const ITEMS = 50;
const LEVELS = 8;

/**
 * A copy of a value for a step's record: JSON, cut to a bounded size at a bounded cost however large the value, secrets replaced.
 * What was left out is said in place (`… 9 more`). Never throws.
 */
export function snapshot(value: unknown, scrub: (text: string) => string): unknown {
  let left = VALUE_CHARS;

  function text(whole: string): string {
    // Scrubbed before it is cut: half a secret would not be found. The margin is longer than any secret is likely to be.
    const head = scrub(whole.slice(0, TEXT_CHARS + 4_096));
    const kept = head.slice(0, Math.max(0, Math.min(TEXT_CHARS, left)));
    left -= kept.length + 2;
    return kept.length < head.length || whole.length > TEXT_CHARS + 4_096
      ? `${kept}… (${whole.length} characters)`
      : kept;
  }

  function list(items: readonly unknown[], level: number): unknown[] {
    const kept: unknown[] = [];
    for (const item of items) {
      if (kept.length === ITEMS || left <= 0) break;
      kept.push(copy(item, level) ?? null);
    }
    return kept.length < items.length ? [...kept, `… ${items.length - kept.length} more`] : kept;
  }

  function fields(object: object, level: number): Record<string, unknown> {
    const names = Object.keys(object);
    const kept: [string, unknown][] = [];
    for (const name of names) {
      if (kept.length === ITEMS || left <= 0) break;
      const item = copy((object as Record<string, unknown>)[name], level);
      if (item !== undefined) kept.push([text(name), item]);
      else left -= 1;
    }
    const rest = names.length > ITEMS || left <= 0 ? names.length - kept.length : 0;
    return Object.fromEntries(rest > 0 ? [...kept, ['…', `${rest} more`]] : kept);
  }

  function copy(part: unknown, level: number): unknown {
    switch (typeof part) {
      case 'string':
        return text(part);
      case 'number':
        left -= 8;
        return Number.isFinite(part) ? part : String(part);
      case 'boolean':
        left -= 4;
        return part;
      case 'bigint':
        return text(String(part));
      case 'undefined':
        return undefined;
      case 'function':
      case 'symbol':
        return `[${typeof part}]`;
      case 'object':
        return part === null ? null : copyObject(part, level);
    }
  }

  function copyObject(part: object, level: number): unknown {
    left -= 2;
    if (part instanceof Secret) return part.toString();
    if (part instanceof Date) return Number.isNaN(part.getTime()) ? 'Invalid Date' : part.toISOString();
    if (part instanceof Error) return { name: text(part.name), message: text(part.message) };
    if (part instanceof Blob) return `[${part.type || 'file'}, ${part.size} bytes]`;
    if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return `[${part.byteLength} bytes]`;
    if (level >= LEVELS) return Array.isArray(part) ? '[…]' : '{…}';
    return Array.isArray(part) ? list(part, level + 1) : fields(part, level + 1);
  }

  try {
    return copy(value, 0);
  } catch {
    return '[not readable]';
  }
}
