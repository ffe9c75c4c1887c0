import { and, asc, eq, getTableColumns, inArray, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { ListFilter } from '../core/publishing/endpoints/list-endpoints.schema';
import type { SortedPosition } from '../kernel/page';
import { after, anyContains, beyond, newestFirst, equals, sorted } from './conditions';
import { countsOf, sortedBy, type EndpointOrder } from './endpoint-order';
import { endpointKeys, endpoints, handlers, keys } from './schema';

export type EndpointRow = typeof endpoints.$inferSelect & { handlerPath: string; keyIds: string[] };

const ROW = {
  ...getTableColumns(endpoints),
  handlerPath: handlers.path,
  keyIds:
    sql<string>`(select json_group_array(key_id) from (select key_id from ${endpointKeys} where endpoint_id = ${sql.raw('endpoints.id')} order by key_id))`.mapWith(
      (text: string) => JSON.parse(text) as string[],
    ),
};

const asMiddleware = (path: string): SQL =>
  sql`exists (select 1 from json_each(${endpoints.rules}, '$.middleware') where value->>'handler' = ${path})`;

/** Endpoints of which a handler changes the answers, or answers for failures. */
const onAnswers = (path: string): SQL =>
  sql`(${endpoints.rules}->>'$.onError' = ${path}
    or exists (select 1 from json_each(${endpoints.rules}, '$.response.after') where value = ${path}))`;

/** Endpoints and the keys that they accept. */
export const createEndpointQueries = (db: DrizzleD1Database) => {
  const matches = (query: ListFilter) =>
    and(
      equals(endpoints.path, query.path),
      equals(endpoints.folder, query.folder),
      equals(handlers.path, query.handler),
      anyContains([endpoints.path, endpoints.title, handlers.path], query.q),
      equals(endpoints.accessLevel, query.level),
      query.issuer === undefined
        ? undefined
        : sql`exists (select 1 from json_each(${endpoints.rules}, '$.issuers') where value->>'issuer' = ${query.issuer})`,
      query.active === undefined ? undefined : eq(endpoints.active, query.active === 'true'),
      query.key === undefined
        ? undefined
        : inArray(
            endpoints.id,
            db.select({ id: endpointKeys.endpointId }).from(endpointKeys).where(eq(endpointKeys.keyId, query.key)),
          ),
    );
  const select = () => db.select(ROW).from(endpoints).innerJoin(handlers, eq(handlers.id, endpoints.handlerId));
  return {
    get: (id: string): Promise<EndpointRow | undefined> => select().where(eq(endpoints.id, id)).get(),
    /** Returns the endpoints at these paths, or with these ids. */
    atPaths: (paths: string[], ids: string[]): Promise<EndpointRow[]> =>
      select().where(
        sql`(${endpoints.path} in (select value from json_each(${JSON.stringify(paths)}))
          or ${endpoints.id} in (select value from json_each(${JSON.stringify(ids)})))`,
      ),
    list: (query: ListFilter, position: { at: number; id: string } | null, limit: number): Promise<EndpointRow[]> =>
      select()
        .where(and(matches(query), after(endpoints.createdAt, endpoints.id, position)))
        .orderBy(...newestFirst(endpoints.createdAt, endpoints.id))
        .limit(limit),
    listSorted: (
      query: ListFilter,
      order: EndpointOrder,
      position: SortedPosition | null,
      limit: number,
    ): Promise<EndpointRow[]> => {
      const by = sortedBy(order);
      const all = select().$dynamic();
      const rows = order.by === 'calls' ? all.leftJoin(countsOf(order.calls), sql`counted.id = ${endpoints.id}`) : all;
      return rows
        .where(
          and(matches(query), position === null ? undefined : beyond(by, endpoints.id, position, order.isDescending)),
        )
        .orderBy(...sorted(by, endpoints.id, order.isDescending))
        .limit(limit);
    },
    /** Returns the ids of those that a list with this filter has, newest first. */
    idsOf: async (filter: ListFilter, limit: number): Promise<string[]> =>
      (
        await db
          .select({ id: endpoints.id })
          .from(endpoints)
          .innerJoin(handlers, eq(handlers.id, endpoints.handlerId))
          .where(matches(filter))
          .orderBy(...newestFirst(endpoints.createdAt, endpoints.id))
          .limit(limit)
      ).map(({ id }) => id),
    /** Issuers whose tokens open endpoints, in the order of their claim `iss`, with the number of these endpoints. */
    issuers: (limit: number) =>
      db.all<{ issuer: string; names: string; endpoints: number; anyAudience: number }>(
        sql`select value->>'issuer' as issuer, json_group_array(distinct value->>'name') as names,
            count(distinct endpoint) as endpoints,
            count(distinct case when json_array_length(value, '$.audience') = 0 then endpoint end) as anyAudience
          from (select ${endpoints.id} as endpoint, ${endpoints.rules} as rules from ${endpoints}), json_each(rules, '$.issuers')
          group by issuer order by issuer limit ${limit}`,
      ),
    /** In the order of their creation, from row `offset`; `limit` null: all. */
    slice: (
      filter: {
        id?: string | undefined;
        path?: string | undefined;
        handler?: string | undefined;
        active?: boolean | undefined;
      },
      offset: number,
      limit: number | null,
    ) =>
      db
        .select({ id: endpoints.id, path: endpoints.path, handlerPath: handlers.path, active: endpoints.active })
        .from(endpoints)
        .innerJoin(handlers, eq(handlers.id, endpoints.handlerId))
        .where(
          and(
            equals(endpoints.id, filter.id),
            equals(endpoints.path, filter.path),
            equals(handlers.path, filter.handler),
            equals(endpoints.active, filter.active),
          ),
        )
        .orderBy(asc(endpoints.createdAt), asc(endpoints.id))
        // SQLite takes no OFFSET without a LIMIT.
        .limit(limit ?? 0x7fffffff)
        .offset(offset),
    /** Endpoints that run this handler beside their own: as middleware, on answers, or on failures. */
    attaching: (handlerPath: string, limit: number): Promise<EndpointRow[]> =>
      select()
        .where(sql`${asMiddleware(handlerPath)} or ${onAnswers(handlerPath)}`)
        .orderBy(...newestFirst(endpoints.createdAt, endpoints.id))
        .limit(limit),
    /** Finds the endpoint whose tool has this name, in any case. */
    withTool: (name: string): Promise<{ id: string; path: string } | undefined> =>
      db
        .select({ id: endpoints.id, path: endpoints.path })
        .from(endpoints)
        .where(eq(endpoints.toolKey, name.toLowerCase()))
        .get(),
    insert: (row: typeof endpoints.$inferInsert) => db.insert(endpoints).values(row),
    update: (id: string, revision: number, patch: Partial<typeof endpoints.$inferInsert>) =>
      db
        .update(endpoints)
        .set({ ...patch, revision: revision + 1 })
        .where(and(eq(endpoints.id, id), eq(endpoints.revision, revision))),
    /** Replaces the middleware `from` by `to` in all endpoints. */
    renameMiddleware: (from: string, to: string, now: number) =>
      db
        .update(endpoints)
        .set({
          rules: sql`json_set(rules, '$.middleware', (select json_group_array(json(
          case when value->>'handler' = ${from} then json_set(value, '$.handler', ${to}) else value end))
          from json_each(rules, '$.middleware')))`,
          revision: sql`revision + 1`,
          updatedAt: now,
        })
        .where(asMiddleware(from)),
    /** Replaces the handler `from` by `to` among those that run on answers and failures, in all endpoints. */
    renameAttached: (from: string, to: string, now: number) =>
      db
        .update(endpoints)
        .set({
          rules: sql`json_set(rules,
            '$.response.after', (select json_group_array(case when value = ${from} then ${to} else value end)
              from json_each(rules, '$.response.after')),
            '$.onError', case when rules->>'$.onError' = ${from} then ${to} else rules->>'$.onError' end)`,
          revision: sql`revision + 1`,
          updatedAt: now,
        })
        .where(onAnswers(from)),
    remove: (id: string, revision: number) =>
      db.delete(endpoints).where(and(eq(endpoints.id, id), eq(endpoints.revision, revision))),
    unbindKeys: (endpointId: string) => db.delete(endpointKeys).where(eq(endpointKeys.endpointId, endpointId)),
    /** Binds the keys that exist; the caller has checked that all do. One statement for any number. */
    bindKeys: (endpointId: string, keyIds: string[]) =>
      db.insert(endpointKeys).select(
        sql`select ${endpointId}, ${keys.id} from ${keys} where ${keys.revokedAt} is null
              and ${keys.id} in (select value from json_each(${JSON.stringify(keyIds)}))`,
      ),
    /** Returns those of these ids that are keys and not deleted. */
    knownKeys: async (keyIds: string[]): Promise<Set<string>> =>
      new Set(
        (
          await db
            .select({ id: keys.id })
            .from(keys)
            .where(
              sql`${keys.revokedAt} is null and ${keys.id} in (select value from json_each(${JSON.stringify(keyIds)}))`,
            )
        ).map((row) => row.id),
      ),
  };
};
