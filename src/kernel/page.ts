import * as z from 'zod';
import { fromBase64Url, toBase64Url, UTF8 } from './encoding';
import { ApiError } from './errors';

/** `limit` and `cursor` of every list. Query values arrive as text. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(256).optional(),
});

/** Filters of a list of credentials by their end. Those without an end match neither. */
export const ExpiryFilter = z.strictObject({
  expiresAfter: z.iso.datetime({ offset: true }).optional(),
  expiresBefore: z.iso.datetime({ offset: true }).optional(),
});

/** The answer of every list. `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The end of a page: the sort time (ms) and id of its last row. Lists are newest first, ties by id. */
export interface Position {
  at: number;
  id: string;
}

/** Parses a cursor of an earlier page. Throws `invalid_parameter` for anything else. */
export function readCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const match = /^([0-9]{1,15})\.([A-Za-z0-9._~-]{1,128})$/.exec(cursor);
  if (!match) throw invalidCursor();
  return { at: Number(match[1]), id: match[2]! };
}

function invalidCursor(): ApiError {
  const message = 'cursor must be a nextCursor of an earlier page, unchanged';
  return new ApiError('invalid_parameter', message, {
    issues: [{ pointer: '#/query/cursor', code: 'invalid', message }],
  });
}

/** Cuts `limit + 1` rows into a page: the extra row only shows that there is a next page. */
export const toPage = <Row, Item>(
  rows: Row[],
  limit: number,
  position: (row: Row) => Position,
  toItem: (row: Row) => Item,
): Page<Item> => cut(rows, limit, (row) => toCursor(position(row)), toItem);

const toCursor = ({ at, id }: Position): string => `${at}.${id}`;

function cut<Row, Item>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  toItem: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(toItem), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** The end of a page of a sorted list: the value of its last row that the list is sorted by, and its id, which breaks ties. */
export interface SortedPosition {
  value: string | number;
  id: string;
}

/** Characters of a cursor of a sorted list, which holds a value. */
export const MAX_SORTED_CURSOR_CHARS = 2048;

/** Parses a cursor of an earlier page with the same sort. Throws `invalid_parameter` for anything else. */
export function readSortedCursor(cursor: string | undefined, sort: string): SortedPosition | null {
  if (cursor === undefined) return null;
  const [of, value, id, ...more] = parseArray(cursor) ?? [];
  const isValue = typeof value === 'string' || Number.isSafeInteger(value);
  if (of !== sort || !isValue || typeof id !== 'string' || more.length > 0) throw invalidCursor();
  return { value: value as string | number, id };
}

function parseArray(cursor: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(UTF8.decode(fromBase64Url(cursor)));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Cuts `limit + 1` rows of a sorted list into a page. */
export const toSortedPage = <Row, Item>(
  rows: Row[],
  limit: number,
  sort: string,
  position: (row: Row) => SortedPosition,
  toItem: (row: Row) => Item,
): Page<Item> => cut(rows, limit, (row) => toSortedCursor(sort, position(row)), toItem);

const toSortedCursor = (sort: string, { value, id }: SortedPosition): string =>
  toBase64Url(new TextEncoder().encode(JSON.stringify([sort, value, id])));
