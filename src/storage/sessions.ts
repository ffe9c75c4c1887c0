import { and, desc, eq, gt, inArray, isNull, lt, ne, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { sessions, users } from './schema';
import { userIdentities } from './schema-sign-in';

/** A session as its user sees it. */
export type SessionRow = Omit<typeof sessions.$inferSelect, 'userId' | 'refreshHash' | 'revokedAt'>;

const standing = (now: number) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

const selectUser = (db: DrizzleD1Database, id: string, now: number, also?: SQL) =>
  db
    .select({ sessionId: sessions.id, userId: users.id, name: users.name, roles: users.roles })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, id), standing(now), eq(users.active, true), also));

/** Sign-ins. Queries find the secret of a session by its id and compare its hash; the hash itself is never returned. */
export const createSessionQueries = (db: DrizzleD1Database) => ({
  /**
   * Inserts only while the user is active and `passwordHash` is still theirs: a password that was checked before it was changed, or before
   * its user was deactivated, opens no session afterwards.
   */
  insert: (row: Omit<typeof sessions.$inferInsert, 'revokedAt'>, passwordHash: string) =>
    db.insert(sessions).select(
      sql`select ${row.id}, ${row.userId}, ${row.refreshHash}, ${row.holder}, ${row.address}, ${row.createdAt}, ${row.refreshedAt}, ${row.expiresAt}, null
          from ${users} where ${users.id} = ${row.userId} and ${users.active} = 1 and ${users.passwordHash} = ${passwordHash}`,
    ),
  /** Returns the session and its user, if both are active. One read; every admin request calls it. */
  identify: (id: string, now: number) => selectUser(db, id, now).get(),
  /** As `identify`, where `hash` is that of the session's current secret. */
  identifyBySecret: (id: string, hash: string, now: number) =>
    selectUser(db, id, now, eq(sessions.refreshHash, hash)).get(),
  /** Gives a session a new secret and end, if its secret is still `from`: of two concurrent claims one wins. */
  claim: (id: string, from: string, to: string, expiresAt: number, now: number) =>
    db
      .update(sessions)
      .set({ refreshHash: to, refreshedAt: now, expiresAt })
      .where(and(eq(sessions.id, id), eq(sessions.refreshHash, from), standing(now))),
  /** Replaces the refresh hash if it is still `from`: of two concurrent refreshes one wins. */
  rotate: async (id: string, from: string, to: string, now: number): Promise<boolean> => {
    const { meta } = await db
      .update(sessions)
      .set({ refreshHash: to, refreshedAt: now })
      .where(and(eq(sessions.id, id), eq(sessions.refreshHash, from), standing(now)))
      .run();
    return meta.changes === 1;
  },
  /** Returns up to `limit` sessions of a user that have not ended, newest first. */
  list: (userId: string, now: number, limit: number): Promise<SessionRow[]> =>
    db
      .select({
        id: sessions.id,
        holder: sessions.holder,
        address: sessions.address,
        createdAt: sessions.createdAt,
        refreshedAt: sessions.refreshedAt,
        expiresAt: sessions.expiresAt,
      })
      .from(sessions)
      .where(and(eq(sessions.userId, userId), standing(now)))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(limit),
  /** Ends a session, where `userId` is given only one of that user; matches only one that has not ended. */
  revoke: (id: string, now: number, userId?: string) =>
    db
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.id, id), standing(now), userId === undefined ? undefined : eq(sessions.userId, userId))),
  /** Ends a user's sessions, all but `except`. */
  revokeOf: (userId: string, now: number, except: string = '') =>
    db
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), ne(sessions.id, except))),
  /** Ends the sessions of all users who have an identity at a provider. */
  revokeOfProvider: (provider: string, now: number) =>
    db
      .update(sessions)
      .set({ revokedAt: now })
      .where(
        and(
          isNull(sessions.revokedAt),
          inArray(
            sessions.userId,
            db.select({ id: userIdentities.userId }).from(userIdentities).where(eq(userIdentities.provider, provider)),
          ),
        ),
      ),
  /** Deletes up to `limit` sessions that ended before `before`. Returns the count. */
  sweep: async (before: number, limit: number): Promise<number> => {
    const old = db.select({ id: sessions.id }).from(sessions).where(lt(sessions.expiresAt, before)).limit(limit);
    const { meta } = await db.delete(sessions).where(inArray(sessions.id, old)).run();
    return meta.changes;
  },
});
