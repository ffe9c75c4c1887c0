import { and, count, eq, gt, inArray, lt } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { deviceLogins } from './schema';

const PUBLIC = {
  id: deviceLogins.id,
  userCode: deviceLogins.userCode,
  name: deviceLogins.name,
  scopes: deviceLogins.scopes,
  days: deviceLogins.days,
  status: deviceLogins.status,
  userId: deviceLogins.userId,
  polledAt: deviceLogins.polledAt,
  expiresAt: deviceLogins.expiresAt,
  createdAt: deviceLogins.createdAt,
};
export type DeviceLoginRow = Omit<typeof deviceLogins.$inferSelect, 'deviceHash'>;

const waiting = (now: number) => and(eq(deviceLogins.status, 'pending'), gt(deviceLogins.expiresAt, now));

/** Requests of programs to sign in. Queries match the hash of a device code and never select it. */
export const createDeviceLoginQueries = (db: DrizzleD1Database) => ({
  insert: async (row: typeof deviceLogins.$inferInsert): Promise<void> =>
    void (await db.insert(deviceLogins).values(row)),
  /** Counts those that have not expired. */
  count: async (now: number): Promise<number> =>
    (await db.select({ n: count() }).from(deviceLogins).where(gt(deviceLogins.expiresAt, now)).get())?.n ?? 0,
  /** Returns the one that waits for an answer. */
  byUserCode: (userCode: string, now: number): Promise<DeviceLoginRow | undefined> =>
    db
      .select(PUBLIC)
      .from(deviceLogins)
      .where(and(eq(deviceLogins.userCode, userCode), waiting(now)))
      .get(),
  byDevice: (deviceHash: string, now: number): Promise<DeviceLoginRow | undefined> =>
    db
      .select(PUBLIC)
      .from(deviceLogins)
      .where(and(eq(deviceLogins.deviceHash, deviceHash), gt(deviceLogins.expiresAt, now)))
      .get(),
  polled: async (id: string, now: number): Promise<void> =>
    void (await db.update(deviceLogins).set({ polledAt: now }).where(eq(deviceLogins.id, id))),
  /** Answers one that waits. */
  answer: (id: string, status: 'approved' | 'denied', userId: string, now: number) =>
    db
      .update(deviceLogins)
      .set({ status, userId })
      .where(and(eq(deviceLogins.id, id), waiting(now))),
  /** Removes an approved one, for the token that takes its place. */
  take: (id: string, now: number) =>
    db
      .delete(deviceLogins)
      .where(and(eq(deviceLogins.id, id), eq(deviceLogins.status, 'approved'), gt(deviceLogins.expiresAt, now))),
  /** Deletes up to `limit` that expired before `before`. Returns the count. */
  sweep: async (before: number, limit: number): Promise<number> => {
    const old = db
      .select({ id: deviceLogins.id })
      .from(deviceLogins)
      .where(lt(deviceLogins.expiresAt, before))
      .limit(limit);
    const { meta } = await db.delete(deviceLogins).where(inArray(deviceLogins.id, old)).run();
    return meta.changes;
  },
});
