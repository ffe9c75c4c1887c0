import { and, desc, eq, lt, or, type SQL, sql, type GetColumnData } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';

/** Selects rows after `position` in a list that is newest first, with ties broken by id. */
export const after = (
  at: AnySQLiteColumn,
  id: AnySQLiteColumn,
  position: { at: number; id: string } | null,
): SQL | undefined => (position ? or(lt(at, position.at), and(eq(at, position.at), lt(id, position.id))) : undefined);

export const newestFirst = (at: AnySQLiteColumn, id: AnySQLiteColumn): SQL[] => [desc(at), desc(id)];

/** True when the column has this value; undefined adds no condition. */
export const equals = <C extends AnySQLiteColumn>(
  column: C,
  value: GetColumnData<C, 'raw'> | undefined,
): SQL | undefined => (value === undefined ? undefined : eq(column, value));

/** True when the column is one of these; an empty list adds no condition. One bound value for any number (D1 allows 100). */
export const oneOf = (column: AnySQLiteColumn, values: string[]): SQL | undefined =>
  values.length === 0 ? undefined : sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;

/** True when one of the columns contains the text, in any case of its ASCII letters; undefined adds no condition. */
export const anyContains = (columns: AnySQLiteColumn[], text: string | undefined): SQL | undefined =>
  text === undefined ? undefined : or(...columns.map((column) => sql`instr(lower(${column}), lower(${text})) > 0`));

/** True when the column, words each after a space, has a word that begins with one of these. */
export const containsWord = (column: AnySQLiteColumn, words: string[]): SQL | undefined =>
  words.length === 0
    ? undefined
    : sql`exists (select 1 from json_each(${JSON.stringify(words)}) where instr(${column}, ' ' || value) > 0)`;
