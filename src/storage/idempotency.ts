import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { idempotency } from './schema';

/** First answers under an Idempotency-Key. The primary key decides who is first. */
export const createIdempotencyQueries = (db: DrizzleD1Database) => {
  const at = (actorId: string, key: string) => and(eq(idempotency.actorId, actorId), eq(idempotency.key, key));
  return {
    /**
     * True when this request is the first with its key, or the first since one that began before `abandoned` and never finished: its
     * isolate must have died.
     */
    claim: async (
      row: { actorId: string; key: string; requestHash: string; createdAt: number },
      abandoned: number,
    ): Promise<boolean> => {
      const { meta } = await db
        .insert(idempotency)
        .values(row)
        .onConflictDoUpdate({
          target: [idempotency.actorId, idempotency.key],
          set: { requestHash: row.requestHash, createdAt: row.createdAt },
          setWhere: sql`${idempotency.status} is null and ${idempotency.createdAt} < ${abandoned}`,
        })
        .run();
      return meta.changes === 1;
    },
    get: (actorId: string, key: string) => db.select().from(idempotency).where(at(actorId, key)).get(),
    finish: (actorId: string, key: string, status: number, body: string) =>
      db.update(idempotency).set({ status, body }).where(at(actorId, key)).run(),
    /** Forgets a claim whose request was refused or failed, so that it may be tried again. */
    release: (actorId: string, key: string) =>
      db
        .delete(idempotency)
        .where(and(at(actorId, key), sql`${idempotency.status} is null`))
        .run(),
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
  };
};
