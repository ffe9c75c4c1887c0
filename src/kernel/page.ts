import * as z from 'zod';
import { ApiError } from './errors';

/** `limit` and `cursor` of every list. Query values arrive as text. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(256).optional(),
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
  if (!match) {
    const message = 'cursor must be a nextCursor of an earlier page, unchanged';
    throw new ApiError('invalid_parameter', message, {
      issues: [{ pointer: '#/query/cursor', code: 'invalid', message }],
    });
  }
  return { at: Number(match[1]), id: match[2]! };
}

/** Cuts `limit + 1` rows into a page: the extra row only shows that there is a next page. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  position: (row: Row) => Position,
  toItem: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const more = rows.length > limit && last !== undefined;
  const { at, id } = more ? position(last) : { at: 0, id: '' };
  return { items: kept.map(toItem), nextCursor: more ? `${at}.${id}` : null };
}
