import { toIso } from '../../../kernel/clock';
import * as z from 'zod';
import { MAX_JSON_DEPTH } from '../../../kernel/json.rules';
import { isDecimal, LongInteger, toInteger } from '../../../kernel/long-integers';
import type { ColumnType } from './column-type.rules';

/** A value as SQLite stores it. */
export type Scalar = string | number | null;
/** The types of columns, and those of `id`, `created_at` and `updated_at`. */
export type ValueType = ColumnType | 'timestamp';
export type CheckedScalar = { value: Scalar } | { issue: string };

/** UTF-16 units. `longtext` and JSON text are bounded so that a row stays below D1's 2 MB. */
const MAX_TEXT = 2000;
const MAX_LONG_TEXT = 500_000;

const PATTERNS = {
  email: z.email().max(320),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  uuid: z.guid(),
  date: z.iso.date(),
  datetime: z.iso.datetime({ offset: true }),
};

/**
 * Converts a value to its form in SQLite, or returns an issue. null is null in every type. Only normalizes spellings of one value: a
 * datetime becomes UTC with milliseconds, so that text order is time order; a UUID lower case.
 */
export function toStoredValue(type: ValueType, value: unknown): CheckedScalar {
  if (value === null || value === undefined) return { value: null };
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value)
        ? { value: plain(value as number) }
        : { issue: 'must be a whole number from -9007199254740991 to 9007199254740991' };
    case 'number':
      if (value instanceof LongInteger)
        return { issue: 'must not be a whole number beyond 9007199254740991, which would be rounded' };
      return typeof value === 'number' && Number.isFinite(value)
        ? { value: plain(value) }
        : { issue: 'must be a finite number' };
    case 'boolean':
      return typeof value === 'boolean' ? { value: value ? 1 : 0 } : { issue: 'must be true or false' };
    case 'json':
      return jsonText(value);
    case 'text':
      return text(value, MAX_TEXT);
    case 'longtext':
      return text(value, MAX_LONG_TEXT);
    case 'email':
    case 'url':
    case 'uuid':
    case 'date':
    case 'datetime':
    case 'timestamp':
      return special(type, value);
  }
}

/** Converts a stored value to its form in the API. */
export function fromStored(type: ValueType, stored: Scalar): unknown {
  if (stored === null) return null;
  if (type === 'boolean') return stored === 1;
  if (type === 'json') return JSON.parse(stored as string) as unknown;
  return type === 'timestamp' ? toIso(stored as number) : stored;
}

/** Converts -0 to 0. */
const plain = (value: number): number => (value === 0 ? 0 : value);

/** Rejects U+0000, where SQLite's functions end a text, and lone surrogates, which have no UTF-8: neither would be returned unchanged. */
function text(value: unknown, max: number): CheckedScalar {
  if (typeof value !== 'string') return { issue: 'must be text' };
  if (value.length > max) return { issue: `must have at most ${max} characters` };
  if (value.includes('\0')) return { issue: 'must not contain the character U+0000' };
  return value.isWellFormed() ? { value } : { issue: 'must be well-formed Unicode' };
}

function jsonText(value: unknown): CheckedScalar {
  const issue = jsonIssue(value);
  if (issue !== null) return { issue };
  const json = JSON.stringify(value);
  return json.length > MAX_LONG_TEXT
    ? { issue: `must have at most ${MAX_LONG_TEXT} characters as JSON` }
    : { value: json };
}

/** Returns why a value would not be returned unchanged, or null. `1e999` is JSON, but parsed as Infinity, which has no JSON form. */
function jsonIssue(whole: unknown): string | null {
  const open: { value: unknown; level: number }[] = [{ value: whole, level: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, level } = next;
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) return 'must contain well-formed Unicode only';
        break;
      case 'number':
        if (!Number.isFinite(value)) return 'must not contain numbers that are too large';
        break;
      case 'boolean':
        break;
      case 'object':
        if (value === null) break;
        if (level > MAX_JSON_DEPTH) return `must not nest deeper than ${MAX_JSON_DEPTH} levels`;
        for (const [name, item] of Object.entries(value)) {
          if (!name.isWellFormed()) return 'must contain well-formed Unicode only';
          open.push({ value: item as unknown, level: level + 1 });
        }
        break;
      default:
        return 'must be a JSON value';
    }
  }
  return null;
}

function special(type: keyof typeof PATTERNS | 'timestamp', value: unknown): CheckedScalar {
  const checked = text(value, MAX_TEXT);
  if ('issue' in checked) return checked;
  const look = type === 'timestamp' ? 'datetime' : type;
  const parsed = PATTERNS[look].safeParse(value);
  if (!parsed.success) return { issue: MESSAGES[look] };
  if (type === 'uuid') return { value: parsed.data.toLowerCase() };
  if (look !== 'datetime') return { value: parsed.data };
  const at = new Date(parsed.data);
  // With years of other than four digits, text order would not be time order.
  if (!/^\d{4}-/.test(Number.isNaN(at.getTime()) ? '' : at.toISOString())) return { issue: MESSAGES.datetime };
  return { value: type === 'timestamp' ? at.getTime() : at.toISOString() };
}

const MESSAGES = {
  email: 'must be an e-mail address',
  url: 'must be an http or https URL of at most 2000 characters',
  uuid: 'must be a UUID',
  date: 'must be a date such as 2026-01-31',
  datetime: 'must be a time with its offset, such as 2026-01-31T12:00:00Z',
};

/** A whole number, also `5.0`, as written by programs that store all numbers as floating point. */
const INTEGER = /^([+-]?[0-9]{1,400})(\.0*)?$/;

/** Converts the text of a CSV cell to the type. Returns other text unchanged, for `toStoredValue` to reject. */
export function fromText(type: ValueType, cell: string): unknown {
  switch (type) {
    case 'integer':
    case 'number': {
      const whole = INTEGER.exec(cell)?.[1];
      if (whole !== undefined) return toInteger(whole);
      return type === 'number' && isDecimal(cell) ? Number(cell) : cell;
    }
    case 'boolean':
      return /^(true|1)$/i.test(cell) ? true : /^(false|0)$/i.test(cell) ? false : cell;
    default:
      return cell;
  }
}
