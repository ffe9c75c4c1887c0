import type { FirstAnswer } from '../core/idempotency/first-answer';

/** Its SQL, for copies as well. */
export const CREATE_ROW_ANSWERS = `create table if not exists "idempotency" ("actor_id" text not null, "key" text not null, "request_hash" text not null,
  "status" integer not null, "body" text not null, "created_at" integer not null, primary key ("actor_id", "key")) strict, without rowid`;
const INSERT = `insert into "idempotency" ("actor_id", "key", "request_hash", "status", "body", "created_at") values (?1, ?2, ?3, ?4, ?5, ?6)`;
const GET = `select "actor_id" as "actorId", "key", "request_hash" as "requestHash", "status", "body", "created_at" as "createdAt"
  from "idempotency" where "actor_id" = ?1 and "key" = ?2`;
const SWEEP = `delete from "idempotency" where ("actor_id", "key") in
  (select "actor_id", "key" from "idempotency" where "created_at" < ?1 limit ?2)`;

/** Statements that store a first response, for the batch of its change in DATA. */
export const keepRowAnswer = (data: D1Database, answer: FirstAnswer | null): D1PreparedStatement[] => {
  if (answer === null) return [];
  const { actorId, key, requestHash, status, body, createdAt } = answer;
  return [
    data.prepare(CREATE_ROW_ANSWERS),
    data.prepare(INSERT).bind(actorId, key, requestHash, status, body, createdAt),
  ];
};

/** First responses under an Idempotency-Key, of changes of rows: in DATA, beside the rows, in a table that the first of them creates. */
export const createRowAnswerQueries = (data: D1Database) => ({
  get: async (actorId: string, key: string): Promise<FirstAnswer | undefined> =>
    (await withoutTable(null, data.prepare(GET).bind(actorId, key).first<FirstAnswer>())) ?? undefined,
  sweep: (before: number, limit: number): Promise<number> =>
    withoutTable(
      0,
      data
        .prepare(SWEEP)
        .bind(before, limit)
        .run()
        .then(({ meta }) => meta.changes),
    ),
});

/** Returns the result, or `none` while the table does not exist. */
async function withoutTable<T>(none: T, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such table: idempotency')) return none;
    throw error;
  }
}
