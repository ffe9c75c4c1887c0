import { and, eq, gt, inArray, isNull, lt } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { sessions, users } from './schema';

/** Sign-ins. A refresh token is found by its session's id and compared by hash; the hash itself never leaves. */
export const createSessionQueries = (db: DrizzleD1Database) => ({
  insert: (row: typeof sessions.$inferInsert) => db.insert(sessions).values(row).run(),
  /** The session and its user, if both still stand. One read; asked on every admin request. */
  identify: (id: string, now: number) =>
    db
      .select({ sessionId: sessions.id, userId: users.id, name: users.name, roles: users.roles })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.id, id), isNull(sessions.revokedAt), gt(sessions.expiresAt, now), eq(users.active, true)))
      .get(),
  /** Swaps the refresh hash if it is still `from`: of two concurrent refreshes one wins. */
  rotate: async (id: string, from: string, to: string, now: number): Promise<boolean> => {
    const { meta } = await db
      .update(sessions)
      .set({ refreshHash: to, refreshedAt: now })
      .where(
        and(
          eq(sessions.id, id),
          eq(sessions.refreshHash, from),
          isNull(sessions.revokedAt),
          gt(sessions.expiresAt, now),
        ),
      )
      .run();
    return meta.changes === 1;
  },
  revoke: (id: string, now: number) =>
    db
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.id, id), isNull(sessions.revokedAt)))
      .run(),
  /** Deletes up to `limit` sessions that ended before `before`; answers how many. */
  sweep: async (before: number, limit: number): Promise<number> => {
    const old = db.select({ id: sessions.id }).from(sessions).where(lt(sessions.expiresAt, before)).limit(limit);
    const { meta } = await db.delete(sessions).where(inArray(sessions.id, old)).run();
    return meta.changes;
  },
});
