import { and, asc, desc, eq, gt, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Position } from '../kernel/page';
import { alerts, endpoints } from './schema';

export type AlertRow = typeof alerts.$inferSelect;
type Change = Partial<Omit<AlertRow, 'endpointId'>>;

const SINCE = sql<number>`coalesce(${alerts.firingSince}, 0)`;

/** Alerts of endpoints, whose rules are in the endpoint. */
export const createAlertQueries = (db: DrizzleD1Database) => ({
  get: (endpointId: string) => db.select().from(alerts).where(eq(alerts.endpointId, endpointId)).get(),
  /** Alerts whose receiver has not gone, with the rules of their endpoints, by the id of the endpoint: those after `after`. */
  list: (after: string, limit: number) =>
    db
      .select({ alert: alerts, path: endpoints.path, rules: endpoints.rules })
      .from(alerts)
      .innerJoin(endpoints, eq(endpoints.id, alerts.endpointId))
      .where(and(eq(alerts.isGone, false), gt(alerts.endpointId, after)))
      .orderBy(asc(alerts.endpointId))
      .limit(limit)
      .all(),
  /** All alerts with the rules of their endpoints, those that fire first. */
  listAll: (after: Position | null, limit: number) =>
    db
      .select({
        alert: alerts,
        position: { at: SINCE, id: alerts.endpointId },
        path: endpoints.path,
        rules: endpoints.rules,
      })
      .from(alerts)
      .innerJoin(endpoints, eq(endpoints.id, alerts.endpointId))
      .where(after === null ? undefined : sql`(${SINCE}, ${alerts.endpointId}) < (${after.at}, ${after.id})`)
      .orderBy(desc(SINCE), desc(alerts.endpointId))
      .limit(limit)
      .all(),
  insert: (endpointId: string) => db.insert(alerts).values({ endpointId }),
  remove: (endpointId: string) => db.delete(alerts).where(eq(alerts.endpointId, endpointId)),
  /** Changes an alert that has not fired or ended since it was read. */
  turn: ({ endpointId, firingSince, notifiedAt }: AlertRow, change: Change) =>
    db
      .update(alerts)
      .set(change)
      .where(
        and(
          eq(alerts.endpointId, endpointId),
          firingSince === null ? isNull(alerts.firingSince) : eq(alerts.firingSince, firingSince),
          notifiedAt === null ? isNull(alerts.notifiedAt) : eq(alerts.notifiedAt, notifiedAt),
        ),
      )
      .run(),
  /** Messages that are to be sent now, those first that wait longest. */
  due: (now: number, limit: number): Promise<AlertRow[]> =>
    db
      .select()
      .from(alerts)
      .where(and(isNotNull(alerts.message), lte(alerts.attemptAt, now)))
      .orderBy(asc(alerts.attemptAt), asc(alerts.endpointId))
      .limit(limit)
      .all(),
  /** Takes a message for one attempt. False when another isolate has it, or it was replaced. */
  claim: async ({ endpointId, message, attempts }: AlertRow, attemptAt: number): Promise<boolean> =>
    (
      await db
        .update(alerts)
        .set({ attempts: attempts + 1, attemptAt })
        .where(and(eq(alerts.endpointId, endpointId), eq(alerts.message, message!), eq(alerts.attempts, attempts)))
        .returning({ id: alerts.endpointId })
    ).length === 1,
  /** Notes the result of an attempt to deliver a message; `isOver`: there are no more attempts. */
  note: (
    { endpointId, message }: AlertRow,
    attempted: AlertRow['attempted'],
    result: string,
    at: number,
    isOver: boolean,
  ) =>
    db
      .update(alerts)
      .set({ result, resultAt: at, attempted, ...(isOver ? { message: null, attemptAt: null } : {}) })
      .where(and(eq(alerts.endpointId, endpointId), eq(alerts.message, message!)))
      .run(),
  end: (endpointId: string) => db.update(alerts).set({ isGone: true }).where(eq(alerts.endpointId, endpointId)).run(),
});
