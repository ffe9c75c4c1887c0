import { and, eq, getTableColumns, inArray, lt, gte, ne, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst, equals } from './conditions';
import { NOT_SUCCESS, runs } from './schema';

export type RunRow = typeof runs.$inferSelect;
export interface RunFilter {
  endpointId?: string | undefined;
  kind?: RunRow['kind'] | undefined;
  outcome?: RunRow['outcome'] | undefined;
  status?: number | undefined;
  since?: number | undefined;
  until?: number | undefined;
  callerId?: string | undefined;
  text?: string | undefined;
}

const { detail: _detail, ...SUMMARY } = getTableColumns(runs);
export type RunSummaryRow = Omit<RunRow, 'detail'>;

/**
 * Selects runs with `text` in their recorded values, not in the field names of the record: `error` must not find every run. instr, not
 * LIKE: the search is exact, and D1 caps LIKE patterns at 50 bytes.
 */
const containsText = (text: string) => sql`exists (
  select 1 from json_tree(${runs.detail}) as part
  where (part.type = 'text' and instr(lower(part.atom), lower(${text})) > 0)
    or (part.path in ('$.request.headers', '$.response.headers') and instr(lower(part.key), lower(${text})) > 0))`;

/** SQLite uses the partial index only for a condition that repeats the index's condition exactly. */
const hasOutcome = (outcome: RunRow['outcome']) =>
  outcome === 'success' ? eq(runs.outcome, outcome) : and(NOT_SUCCESS, eq(runs.outcome, outcome));

/** Run records. The queue consumer calls `save` with whole batches, at least once each. */
export const createRunQueries = (db: DrizzleD1Database) => ({
  get: (id: string) => db.select().from(runs).where(eq(runs.id, id)).get(),
  list: (filter: RunFilter, position: { at: number; id: string } | null, limit: number): Promise<RunSummaryRow[]> =>
    db
      .select(SUMMARY)
      .from(runs)
      .where(
        and(
          equals(runs.endpointId, filter.endpointId),
          equals(runs.kind, filter.kind),
          filter.outcome === undefined ? undefined : hasOutcome(filter.outcome),
          equals(runs.status, filter.status),
          filter.since === undefined ? undefined : gte(runs.startedAt, filter.since),
          filter.until === undefined ? undefined : lt(runs.startedAt, filter.until),
          equals(runs.callerId, filter.callerId),
          filter.text === undefined ? undefined : containsText(filter.text),
          after(runs.startedAt, runs.id, position),
        ),
      )
      .orderBy(...newestFirst(runs.startedAt, runs.id))
      .limit(limit),
  /** Inserts a started record; its end arrives later under the same id. */
  insertStarted: (row: RunRow) => db.insert(runs).values(row).onConflictDoNothing().run(),
  /**
   * Writes a batch, a JSON list of rows whose `detail` is a JSON text itself, in one statement with one bound parameter (D1 allows 100), so
   * the 2 MB of a value bound its size. A second delivery changes nothing; a finished record replaces a started or interrupted one, never the
   * reverse.
   */
  save: async (rows: string): Promise<void> => {
    await db.run(sql`
      insert into runs (id, endpoint_id, handler_version, kind, outcome, status, started_at, duration_ms, caller_kind, caller_id, executor_id, detail)
      select value->>'id', value->>'endpointId', value->>'handlerVersion', value->>'kind', value->>'outcome', value->>'status',
        value->>'startedAt', value->>'durationMs', value->>'callerKind', value->>'callerId', value->>'executorId', value->>'detail'
      from json_each(${rows}) where true
      on conflict (id) do update set outcome = excluded.outcome, status = excluded.status, duration_ms = excluded.duration_ms, detail = excluded.detail
      where runs.outcome in ('running', 'interrupted')`);
  },
  /** Deletes a record whose call has ended. */
  delete: (id: string) => db.delete(runs).where(and(eq(runs.id, id), ne(runs.outcome, 'running'))),
  /** Deletes up to `limit` records that started before `before` and have ended. Returns the count. */
  sweep: async (before: number, limit: number): Promise<number> => {
    const old = db
      .select({ id: runs.id })
      .from(runs)
      .where(and(lt(runs.startedAt, before), ne(runs.outcome, 'running')))
      .limit(limit);
    return (await db.delete(runs).where(inArray(runs.id, old)).run()).meta.changes;
  },
  /** Marks audited calls that started before `before` and never reported their end. */
  interrupt: async (before: number): Promise<number> =>
    (
      await db
        .update(runs)
        .set({ outcome: 'interrupted' })
        .where(and(hasOutcome('running'), lt(runs.startedAt, before)))
        .run()
    ).meta.changes,
});
