import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** State of the alert of an endpoint, by the rules of the endpoint, and its last message. */
export const alerts = sqliteTable('alerts', {
  endpointId: text('endpoint_id').primaryKey(),
  /** Null: it does not fire. */
  firingSince: integer('firing_since'),
  /** Time of the last message. */
  notifiedAt: integer('notified_at'),
  /** JSON text of a message that is not delivered yet. */
  message: text('message'),
  attempts: integer('attempts').notNull().default(0),
  /** Time of the next attempt to deliver it. */
  attemptAt: integer('attempt_at'),
  result: text('result'),
  resultAt: integer('result_at'),
  /** The last attempts to deliver messages, oldest first. */
  attempted: text('attempted', { mode: 'json' }).$type<{ at: number; type: string; result: string }[]>(),
  /** The receiver wants no more messages. */
  isGone: integer('is_gone', { mode: 'boolean' }).notNull().default(false),
});

/**
 * When schedules of endpoints run, by the rules of the endpoint. `busyUntil`: a run has begun, and counts as lost after that time. At most one run
 * waits: for the end of the one before, or to be tried again.
 */
export const schedules = sqliteTable(
  'schedules',
  {
    endpointId: text('endpoint_id').notNull(),
    name: text('name').notNull(),
    /** Null: never again. */
    nextAt: integer('next_at'),
    lastAt: integer('last_at'),
    lastRunId: text('last_run_id'),
    lastStatus: integer('last_status'),
    /** Null for a run that an earlier release began: by its time. */
    lastCause: text('last_cause', { enum: ['time', 'request'] }),
    busyUntil: integer('busy_until'),
    /** Time from which the waiting run may begin; null: none waits. */
    waitingAt: integer('waiting_at'),
    /** Time for which it was due. */
    waitingDue: integer('waiting_due'),
    /** 1: it waits for the first time; 2 and more: a retry. */
    waitingAttempt: integer('waiting_attempt'),
  },
  (t) => [
    primaryKey({ columns: [t.endpointId, t.name] }),
    index('schedules_next').on(t.nextAt),
    index('schedules_waiting').on(t.waitingAt),
  ],
);
