import { visit } from 'jsonc-parser';
import { quoted } from './errors';
import { isTooDeep, MAX_JSON_DEPTH } from './json.rules';
import { isKept } from './long-integers';
import { pointerSegment } from './json-pointer';

/** A loss by parsing a JSON text, with a JSON Pointer to it. `message` continues a sentence that begins with the name of the place. */
export interface JsonLoss {
  code: 'duplicate_key' | 'inexact_number';
  pointer: string;
  message: string;
}

/**
 * Returns the first place of a JSON text that JSON.parse drops or changes silently, or null: a duplicate key, of which the later one wins, or
 * a number that becomes another one. `text` is JSON of a bounded depth.
 */
export function findLoss(text: string): JsonLoss | null {
  const open: Set<string>[] = [];
  let found: JsonLoss | null = null;
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, _offset, _length, _line, _column, path) => {
      const keys = open.at(-1)!;
      if (keys.has(key))
        found ??= {
          code: 'duplicate_key',
          pointer: toPointer(path()),
          message: `has the key ${JSON.stringify(quoted(key))} twice in one object`,
        };
      keys.add(key);
    },
    onLiteralValue: (value, offset, length, _line, _column, path) => {
      if (typeof value !== 'number' || isKept(text.slice(offset, offset + length))) return;
      found ??= {
        code: 'inexact_number',
        pointer: toPointer(path()),
        message: Number.isFinite(value)
          ? 'must not be a whole number beyond 9007199254740991, which would be rounded: send it as text'
          : 'must not be a number beyond 1.8e308',
      };
    },
  });
  return found;
}

const toPointer = (path: (string | number)[]): string =>
  path.reduce<string>((text, part) => text + pointerSegment(quoted(String(part))), '#');

/** The value of a JSON text with nothing lost of it, or what is wrong with the text and where. */
export function readLossless(text: string): { value: unknown } | (Omit<JsonLoss, 'code'> & { code: string }) {
  if (isTooDeep(text))
    return { code: 'json_too_deep', pointer: '#', message: `must not nest deeper than ${MAX_JSON_DEPTH} levels` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: 'invalid_json', pointer: '#', message: 'must be JSON' };
  }
  return findLoss(text) ?? { value };
}
