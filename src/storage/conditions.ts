import { and, asc, desc, eq, gt, lt, or, type SQL, sql, type GetColumnData } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { SortedPosition } from '../kernel/page';

type Sortable = AnySQLiteColumn | SQL;

/** Selects rows after `position` in a list that is newest first, with ties broken by id. */
export const after = (
  at: AnySQLiteColumn,
  id: AnySQLiteColumn,
  position: { at: number; id: string } | null,
): SQL | undefined => (position === null ? undefined : beyond(at, id, { value: position.at, id: position.id }, true));

/**
 * Selects rows after `position` in a list in the order of `by`, with ties broken by id. The first condition is one that SQLite looks up in
 * an index; the second alone would read every row before the position.
 */
export function beyond(
  by: Sortable,
  id: AnySQLiteColumn,
  { value, id: last }: SortedPosition,
  isDescending: boolean,
): SQL | undefined {
  return isDescending
    ? and(sql`${by} <= ${value}`, or(sql`${by} < ${value}`, lt(id, last)))
    : and(sql`${by} >= ${value}`, or(sql`${by} > ${value}`, gt(id, last)));
}

export const newestFirst = (at: Sortable, id: AnySQLiteColumn): SQL[] => sorted(at, id, true);

export const sorted = (by: Sortable, id: AnySQLiteColumn, isDescending: boolean): SQL[] =>
  isDescending ? [desc(by), desc(id)] : [asc(by), asc(id)];

/** True when the column has this value; undefined adds no condition. */
export const equals = <C extends AnySQLiteColumn>(
  column: C,
  value: GetColumnData<C, 'raw'> | undefined,
): SQL | undefined => (value === undefined ? undefined : eq(column, value));

/** True when the column is one of these; an empty list adds no condition. One bound value for any number (D1 allows 100). */
export const oneOf = (column: AnySQLiteColumn, values: string[]): SQL | undefined =>
  values.length === 0 ? undefined : sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;

/** True when the time is after the one and before the other; undefined adds no condition, a time that is null is neither. */
export const isBetween = (time: AnySQLiteColumn, after: number | undefined, before: number | undefined) =>
  and(after === undefined ? undefined : gt(time, after), before === undefined ? undefined : lt(time, before));

/** True when one of the columns contains the text, in any case of its ASCII letters; undefined adds no condition. */
export const anyContains = (columns: AnySQLiteColumn[], text: string | undefined): SQL | undefined =>
  text === undefined ? undefined : or(...columns.map((column) => sql`instr(lower(${column}), lower(${text})) > 0`));

/** True when the column, words each after a space, has a word that begins with one of these. */
export const containsWord = (column: AnySQLiteColumn, words: string[]): SQL | undefined =>
  words.length === 0
    ? undefined
    : sql`exists (select 1 from json_each(${JSON.stringify(words)}) where instr(${column}, ' ' || value) > 0)`;
