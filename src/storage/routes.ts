import { and, eq, inArray, ne, notInArray, or, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Precondition } from './commit';
import { routes, endpoints } from './schema';

export interface RouteRow {
  id: string;
  path: string;
  methods: string[];
  subpaths: boolean;
  active: boolean;
  revision: number;
}

/** An endpoint that answers another's method at its path. */
export interface RouteConflict {
  id: string;
  path: string;
  method: string;
}

/** The path of an endpoint as the table of routes has it. */
export interface RouteKey {
  shape: string;
  root: string;
}

export const selectRoutes = (db: DrizzleD1Database, root: SQL) =>
  db
    .select({
      id: endpoints.id,
      path: endpoints.path,
      methods: sql<string>`json_group_array(${routes.method})`
        .mapWith((text: string) => JSON.parse(text) as string[])
        .as('methods_'),
      subpaths: sql<number>`json_extract(${endpoints.rules}, '$.subpaths')`
        .mapWith((flag) => flag === 1)
        .as('subpaths_'),
      active: endpoints.active,
      revision: endpoints.revision,
    })
    .from(routes)
    .innerJoin(endpoints, eq(endpoints.id, routes.endpointId))
    .where(eq(routes.root, root))
    .groupBy(endpoints.id);

const isSameCall = (shape: string, methods: readonly string[]) =>
  and(eq(routes.shape, shape), inArray(routes.method, [...methods]));

const others = (id: string, root: string) =>
  sql<number>`select count(distinct ${routes.endpointId}) from ${routes}
    where ${routes.root} = ${root} and ${routes.endpointId} <> ${id}`;

/** Which endpoint answers which method and path. */
export const createRouteQueries = (db: DrizzleD1Database) => ({
  /** All endpoints whose paths begin with this segment. */
  list: (root: string): Promise<RouteRow[]> => selectRoutes(db, sql`${root}`).all(),
  insert: (id: string, { shape, root }: RouteKey, methods: readonly string[]) =>
    db.insert(routes).select(sql`select ${shape}, value, ${id}, ${root} from json_each(${JSON.stringify(methods)})`),
  remove: (id: string) => db.delete(routes).where(eq(routes.endpointId, id)),
  /** True while other endpoints of this shape write it in the same way: names and case included. */
  isWrittenAlike: (id: string, path: string, { shape }: RouteKey): Precondition =>
    sql`not exists (select 1 from ${routes} join ${endpoints} on ${endpoints.id} = ${routes.endpointId}
      where ${routes.shape} = ${shape} and ${endpoints.id} <> ${id} and ${endpoints.path} <> ${path})`,
  /** True while the first segment has fewer than `max` other endpoints. */
  hasRoom: (id: string, { root }: RouteKey, max: number): Precondition => sql`(${others(id, root)}) < ${max}`,
  /** Counts the other endpoints of the first segment. */
  countOthers: async (id: string, { root }: RouteKey): Promise<number> =>
    (await db.get<{ n: number }>(sql`select (${others(id, root)}) as n`)).n,
  /** Finds another endpoint that answers one of the methods at this path, or writes the path in another way. */
  conflict: (
    id: string,
    path: string,
    { shape }: RouteKey,
    methods: readonly string[],
  ): Promise<RouteConflict | undefined> =>
    db
      .select({ id: endpoints.id, path: endpoints.path, method: routes.method })
      .from(routes)
      .innerJoin(endpoints, eq(endpoints.id, routes.endpointId))
      .where(
        and(eq(routes.shape, shape), ne(endpoints.id, id), or(isSameCall(shape, methods), ne(endpoints.path, path))),
      )
      .orderBy(sql`${endpoints.path} <> ${path}`, notInArray(routes.method, [...methods]))
      .limit(1)
      .get(),
  /** Ids of the endpoints at a path that answer one of the methods, or any; at most two: enough to know that it names no single one. */
  idsAt: async (path: string, methods: readonly string[] | null): Promise<string[]> =>
    (
      await db
        .selectDistinct({ id: endpoints.id })
        .from(endpoints)
        .innerJoin(routes, eq(routes.endpointId, endpoints.id))
        .where(and(eq(endpoints.path, path), methods === null ? undefined : inArray(routes.method, [...methods])))
        .limit(2)
    ).map(({ id }) => id),
});
