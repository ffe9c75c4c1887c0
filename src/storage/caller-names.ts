import { sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { keys, tokens, users } from './schema';

/** Returns the names by id: aliases of keys, also of deleted ones, and names of users and tokens. One statement for any number. */
export const createCallerNames =
  (db: DrizzleD1Database) =>
  async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    if (ids.length === 0) return new Map();
    const wanted = sql`(select value from json_each(${JSON.stringify(ids)}))`;
    const rows = await db.all<{ id: string; name: string }>(
      sql`select ${keys.id} as id, ${keys.alias} as name from ${keys} where ${keys.id} in ${wanted}
        union all select ${users.id}, ${users.name} from ${users} where ${users.id} in ${wanted}
        union all select ${tokens.id}, ${tokens.name} from ${tokens} where ${tokens.id} in ${wanted}`,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  };
