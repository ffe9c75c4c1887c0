import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst } from './page';
import { audit } from './schema';

/**
 * The audit trail. Rows are written by `commit`, in the batch of the change that they tell of; `add` is for changes in another database,
 * which no batch can hold together with them.
 */
export const createAuditQueries = (db: DrizzleD1Database) => ({
  add: async (row: typeof audit.$inferInsert): Promise<void> => {
    await db.insert(audit).values(row);
  },
  /** Those of `objectIds` that `action` was done to. */
  objectsOf: async (action: `${string}.${string}`, objectIds: string[]): Promise<Set<string>> => {
    const object = action.slice(0, action.indexOf('.'));
    const rows = await db
      .selectDistinct({ id: audit.objectId })
      .from(audit)
      .where(
        and(
          eq(audit.object, object),
          eq(audit.action, action),
          sql`${audit.objectId} in (select value from json_each(${JSON.stringify(objectIds)}))`,
        ),
      );
    return new Set(rows.map(({ id }) => id));
  },
  list: (
    filter: { object?: string | undefined; objectId?: string | undefined },
    position: { at: number; id: string } | null,
    limit: number,
  ) =>
    db
      .select()
      .from(audit)
      .where(
        and(
          filter.object === undefined ? undefined : eq(audit.object, filter.object),
          filter.objectId === undefined ? undefined : eq(audit.objectId, filter.objectId),
          after(audit.at, audit.id, position),
        ),
      )
      .orderBy(...newestFirst(audit.at, audit.id))
      .limit(limit),
});
