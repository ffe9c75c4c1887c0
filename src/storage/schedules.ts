import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { schedules } from './schema';

export type ScheduleRow = typeof schedules.$inferSelect;

/** Times of the schedules of endpoints, whose rules are in the endpoint. */
export const createScheduleQueries = (db: DrizzleD1Database) => {
  const isOf = (endpointId: string, name: string) =>
    and(eq(schedules.endpointId, endpointId), eq(schedules.name, name));
  return {
    list: (endpointId: string): Promise<ScheduleRow[]> =>
      db.select().from(schedules).where(eq(schedules.endpointId, endpointId)).all(),
    /** The schedules that are due, the longest due first. */
    due: (now: number, limit: number): Promise<ScheduleRow[]> =>
      db.select().from(schedules).where(lte(schedules.nextAt, now)).orderBy(asc(schedules.nextAt)).limit(limit).all(),
    insert: (endpointId: string, times: readonly { name: string; nextAt: number | null }[]) =>
      db
        .insert(schedules)
        .select(
          sql`select ${endpointId}, value->>'name', value->>'nextAt', null, null, null from json_each(${JSON.stringify(times)})`,
        ),
    remove: (endpointId: string, names: readonly string[]) =>
      db.delete(schedules).where(and(eq(schedules.endpointId, endpointId), inArray(schedules.name, [...names]))),
    removeAll: (endpointId: string) => db.delete(schedules).where(eq(schedules.endpointId, endpointId)),
    /** Takes a due time for one run, until `busyUntil` at most. False when another isolate has it. */
    claim: async (
      row: ScheduleRow,
      taken: { nextAt: number | null; lastAt: number; busyUntil: number | null },
    ): Promise<boolean> =>
      (
        await db
          .update(schedules)
          .set(taken)
          .where(and(isOf(row.endpointId, row.name), eq(schedules.nextAt, row.nextAt!)))
          .returning({ name: schedules.name })
      ).length === 1,
    end: (endpointId: string, name: string, lastRunId: string) =>
      db.update(schedules).set({ lastRunId, busyUntil: null }).where(isOf(endpointId, name)).run(),
  };
};
