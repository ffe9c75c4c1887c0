import { and, asc, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Position } from '../kernel/page';
import { endpoints, schedules } from './schema';

export type ScheduleRow = typeof schedules.$inferSelect;
/** The run that waits, or none. */
export type WaitingFields = Pick<ScheduleRow, 'waitingAt' | 'waitingDue' | 'waitingAttempt'>;

/** `at`: the time for which a run was due, or of the request that began it. */
export interface EndedRun {
  at: number;
  cause: 'time' | 'request';
  runId: string;
  status: number;
}

const NONE_WAITS: WaitingFields = { waitingAt: null, waitingDue: null, waitingAttempt: null };

/** Sort time of a schedule without a next time, in Unix milliseconds. */
const NEVER = 999_999_999_999_999;
const NEXT = sql<number>`coalesce(${schedules.nextAt}, ${sql.raw(String(NEVER))})`;
const PLACE = sql<string>`${schedules.endpointId} || '~' || ${schedules.name}`;

/** Times of the schedules of endpoints, whose rules are in the endpoint. */
export const createScheduleQueries = (db: DrizzleD1Database) => {
  const isOf = (endpointId: string, name: string) =>
    and(eq(schedules.endpointId, endpointId), eq(schedules.name, name));
  return {
    list: (endpointId: string): Promise<ScheduleRow[]> =>
      db.select().from(schedules).where(eq(schedules.endpointId, endpointId)).all(),
    /** Schedules of all endpoints, with the rules of these: by their next time, those without one last. */
    listAll: (after: Position | null, limit: number) =>
      db
        .select({
          schedule: schedules,
          position: { at: NEXT, id: PLACE },
          id: endpoints.id,
          path: endpoints.path,
          active: endpoints.active,
          rules: endpoints.rules,
        })
        .from(schedules)
        .innerJoin(endpoints, eq(endpoints.id, schedules.endpointId))
        .where(after === null ? undefined : sql`(${NEXT}, ${PLACE}) > (${after.at}, ${after.id})`)
        .orderBy(NEXT, PLACE)
        .limit(limit)
        .all(),
    /** The schedules that are due, or whose waiting run may begin; the longest due first. */
    due: (now: number, limit: number): Promise<ScheduleRow[]> => {
      const mayBegin = and(
        lte(schedules.waitingAt, now),
        or(isNull(schedules.busyUntil), lte(schedules.busyUntil, now)),
      );
      return db
        .select()
        .from(schedules)
        .where(or(lte(schedules.nextAt, now), mayBegin))
        .orderBy(asc(sql`min(coalesce(${schedules.nextAt}, ${now}), coalesce(${schedules.waitingAt}, ${now}))`))
        .limit(limit)
        .all();
    },
    insert: (endpointId: string, times: readonly { name: string; nextAt: number | null }[]) =>
      db
        .insert(schedules)
        .select(
          sql`select ${endpointId}, value->>'name', value->>'nextAt', null, null, null, null, null, null, null, null from json_each(${JSON.stringify(times)})`,
        ),
    /** Gives schedules other times. What is known of their last runs stays; none waits any more. */
    retime: (endpointId: string, times: readonly { name: string; nextAt: number | null }[]) =>
      db
        .update(schedules)
        .set({
          ...NONE_WAITS,
          nextAt: sql`(select value->>'nextAt' from json_each(${JSON.stringify(times)}) where value->>'name' = ${schedules.name})`,
        })
        .where(
          and(
            eq(schedules.endpointId, endpointId),
            inArray(
              schedules.name,
              times.map(({ name }) => name),
            ),
          ),
        ),
    remove: (endpointId: string, names: readonly string[]) =>
      db.delete(schedules).where(and(eq(schedules.endpointId, endpointId), inArray(schedules.name, [...names]))),
    removeAll: (endpointId: string) => db.delete(schedules).where(eq(schedules.endpointId, endpointId)),
    /** Takes a due time or the waiting run. False when another isolate has it, or the schedule has changed. */
    claim: async (row: ScheduleRow, taken: Partial<ScheduleRow>): Promise<boolean> =>
      (
        await db
          .update(schedules)
          .set(taken)
          .where(
            and(
              isOf(row.endpointId, row.name),
              sql`${schedules.nextAt} is ${row.nextAt}`,
              sql`${schedules.waitingDue} is ${row.waitingDue}`,
              sql`${schedules.waitingAttempt} is ${row.waitingAttempt}`,
            ),
          )
          .returning({ name: schedules.name })
      ).length === 1,
    /** Notes the end of a run, as the last one unless a later one has ended. One that began by its time lets the next begin. */
    end: async (endpointId: string, name: string, { at, cause, runId, status }: EndedRun): Promise<void> => {
      // Ids of runs sort by their starts.
      const isLast = or(isNull(schedules.lastRunId), lt(schedules.lastRunId, runId));
      const note = db
        .update(schedules)
        .set({ lastAt: at, lastCause: cause, lastRunId: runId, lastStatus: status })
        .where(and(isOf(endpointId, name), isLast));
      if (cause === 'request') await note.run();
      else await db.batch([note, db.update(schedules).set({ busyUntil: null }).where(isOf(endpointId, name))]);
    },
    /** Lets a run wait, unless a newer one does. */
    wait: (endpointId: string, name: string, waiting: WaitingFields) =>
      db
        .update(schedules)
        .set(waiting)
        .where(and(isOf(endpointId, name), isNull(schedules.waitingDue)))
        .run(),
  };
};
