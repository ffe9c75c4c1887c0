import { and, desc, eq, lt, or, type SQL } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';

/** Selects rows after `position` in a list that is newest first, with ties broken by id. */
export const after = (
  at: AnySQLiteColumn,
  id: AnySQLiteColumn,
  position: { at: number; id: string } | null,
): SQL | undefined => (position ? or(lt(at, position.at), and(eq(at, position.at), lt(id, position.id))) : undefined);

export const newestFirst = (at: AnySQLiteColumn, id: AnySQLiteColumn): SQL[] => [desc(at), desc(id)];
