import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { FirstAnswer } from '../core/idempotency/first-answer';
import { idempotency } from './schema';

/** First responses under an Idempotency-Key. The primary key decides which is first. */
export const createIdempotencyQueries = (db: DrizzleD1Database) => ({
  /** Written in the batch of the change whose response it is. */
  insert: (row: FirstAnswer) => db.insert(idempotency).values(row),
  get: async (actorId: string, key: string): Promise<FirstAnswer | undefined> => {
    const here = and(eq(idempotency.actorId, actorId), eq(idempotency.key, key), isNotNull(idempotency.status));
    // The other columns are null only when the status is.
    return (await db.select().from(idempotency).where(here).get()) as FirstAnswer | undefined;
  },
  sweep: async (before: number, limit: number): Promise<number> => {
    const old = db
      .select({ rowid: sql`rowid` })
      .from(idempotency)
      .where(lt(idempotency.createdAt, before))
      .limit(limit);
    return (
      await db
        .delete(idempotency)
        .where(inArray(sql`rowid`, old))
        .run()
    ).meta.changes;
  },
});
