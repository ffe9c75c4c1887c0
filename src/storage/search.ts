import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { FoundNoun } from '../core/search/search.schema';
import { anyContains } from './conditions';
import { graphs } from './plynx/schema-graphs';
import { endpoints, handlers, keys, tables, users } from './schema';
import { isVisibleTo, type Viewer } from './tables';

interface Searched {
  table: typeof endpoints | typeof handlers | typeof keys | typeof tables | typeof graphs | typeof users;
  name: AnySQLiteColumn;
  /** Searched as well. */
  also?: AnySQLiteColumn;
}

const SEARCHED: Record<FoundNoun, Searched> = {
  endpoint: { table: endpoints, name: endpoints.path, also: endpoints.title },
  handler: { table: handlers, name: handlers.path },
  key: { table: keys, name: keys.alias },
  table: { table: tables, name: tables.name, also: tables.description },
  graph: { table: graphs, name: graphs.title, also: graphs.description },
  user: { table: users, name: users.name },
};

/** Definitions by a part of their name. */
export const createSearchQueries = (db: DrizzleD1Database) => ({
  /** Returns the newest rows of a noun that contain the text, in any case of its ASCII letters, or have it as their id. */
  find: (
    noun: FoundNoun,
    text: string,
    viewer: Viewer | null,
    limit: number,
  ): Promise<{ id: string; name: string }[]> => {
    const { table, name, also } = SEARCHED[noun];
    return db
      .select({ id: table.id, name: sql<string>`${name}` })
      .from(table)
      .where(
        and(
          or(eq(table.id, text), anyContains(also ? [name, also] : [name], text)),
          noun === 'table' && viewer !== null ? isVisibleTo(viewer) : undefined,
          noun === 'key' ? isNull(keys.revokedAt) : undefined,
        ),
      )
      .orderBy(desc(table.createdAt))
      .limit(limit);
  },
});
