import { sql, type SQL } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { endpoints } from './schema';

type Row = typeof endpoints.$inferSelect;

/** The order of a list of endpoints, with the value that a row is sorted by. */
export type EndpointOrder = { isDescending: boolean; valueOf: (row: Row) => string | number } & (
  | { by: 'path' | 'name' | 'updated' }
  /** Endpoints without an entry have no calls. */
  | { by: 'calls'; calls: ReadonlyMap<string, number> }
);

/** Returns the expression that the order sorts by. Those of the endpoint itself have an index. */
export function sortedBy(order: EndpointOrder): AnySQLiteColumn | SQL {
  switch (order.by) {
    case 'path':
      return endpoints.path;
    case 'name':
      return sql`(case ${endpoints.title} when '' then ${endpoints.path} else ${endpoints.title} end) collate nocase`;
    case 'updated':
      return endpoints.updatedAt;
    case 'calls':
      return sql`coalesce(counted.calls, 0)`;
  }
}

/** Returns the source of the counts that `sortedBy` reads. The limit keeps SQLite from a scan of the counts for each endpoint. */
export const countsOf = (calls: ReadonlyMap<string, number>): SQL =>
  sql`(select key as id, value as calls from json_each(${JSON.stringify(Object.fromEntries(calls))}) limit ${calls.size}) as counted`;
