import { and, eq, getTableColumns, gte, lt, or, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst, equals } from './conditions';
import { audit, users } from './schema';

/** A row, with the name of a user who acted. */
export type NamedAuditRow = typeof audit.$inferSelect & { actorName: string | null };
export interface AuditFilter {
  /** Id or kind of the actor. */
  actor?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  objectId?: string | undefined;
  /** Id, or a path, name or alias that an entry about it records. */
  target?: string | undefined;
  /** Unix milliseconds. */
  since?: number | undefined;
  until?: number | undefined;
  text?: string | undefined;
}

/** Everything about one object: creations and deletions record its name, the changes between them its id. */
const isAbout = (target: string) => sql`(${audit.objectId} = ${target} or ${audit.objectId} in (
  select named.object_id from audit as named
  where ${target} in (named.changes->>'$.path', named.changes->>'$.name', named.changes->>'$.alias')))`;

/**
 * The audit trail. `commit` writes its rows, in the batch of the change; `add` is for changes in another database, which cannot share a
 * batch with them.
 */
export const createAuditQueries = (db: DrizzleD1Database) => ({
  add: async (row: typeof audit.$inferInsert): Promise<void> => {
    await db.insert(audit).values(row);
  },
  /** Returns those of `objectIds` that have an entry of `action`. */
  objectsOf: async (action: `${string}.${string}`, objectIds: string[]): Promise<Set<string>> => {
    const object = action.slice(0, action.indexOf('.'));
    const rows = await db
      .selectDistinct({ id: audit.objectId })
      .from(audit)
      .where(
        and(
          eq(audit.object, object),
          eq(audit.action, action),
          sql`${audit.objectId} in (select value from json_each(${JSON.stringify(objectIds)}))`,
        ),
      );
    return new Set(rows.map(({ id }) => id));
  },
  /** Returns the last entry about an object, with the name of a user who acted. */
  lastOf: (object: string, objectId: string) =>
    db
      .select({ at: audit.at, actorKind: audit.actorKind, actor: users.name })
      .from(audit)
      .leftJoin(users, eq(users.id, audit.actorId))
      .where(and(eq(audit.object, object), eq(audit.objectId, objectId)))
      .orderBy(...newestFirst(audit.at, audit.id))
      .limit(1)
      .get(),
  list: (filter: AuditFilter, position: { at: number; id: string } | null, limit: number): Promise<NamedAuditRow[]> =>
    db
      .select({ ...getTableColumns(audit), actorName: users.name })
      .from(audit)
      .leftJoin(users, eq(users.id, audit.actorId))
      .where(
        and(
          equals(audit.object, filter.object),
          equals(audit.objectId, filter.objectId),
          equals(audit.action, filter.action),
          filter.actor === undefined
            ? undefined
            : or(eq(audit.actorId, filter.actor), eq(audit.actorKind, filter.actor)),
          filter.target === undefined ? undefined : isAbout(filter.target),
          filter.since === undefined ? undefined : gte(audit.at, filter.since),
          filter.until === undefined ? undefined : lt(audit.at, filter.until),
          filter.text === undefined ? undefined : sql`instr(lower(${audit.changes}), lower(${filter.text})) > 0`,
          after(audit.at, audit.id, position),
        ),
      )
      .orderBy(...newestFirst(audit.at, audit.id))
      .limit(limit),
});
