import { sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { endpoints, handlers, handlerVersions, users } from './schema';

const among = (values: readonly string[]) => sql`(select value from json_each(${JSON.stringify(values)}))`;

/** Users whose rights reach a handler: through endpoints that run it directly, attached, or through a workflow. */
export const createReachQueries = (db: DrizzleD1Database) => ({
  /** Returns paths of workflows that call one of `paths` in a served version, the default one or a pinned one; at most `limit`. */
  callersOf: async (paths: readonly string[], limit: number): Promise<string[]> => {
    const rows = await db.all<{ path: string }>(sql`select distinct ${handlers.path} as path from ${handlers}
      join ${handlerVersions} on ${handlerVersions.handlerId} = ${handlers.id}
      where ${handlers.language} = 'workflow'
      and (${handlerVersions.version} = ${handlers.defaultVersion} or ${handlerVersions.version} in
        (select ${endpoints.handlerVersion} from ${endpoints} where ${endpoints.handlerId} = ${handlers.id}))
      and exists (select 1 from json_each(${handlerVersions.artifact}, '$.workflow.calls') where value in ${among(paths)})
      limit ${limit}`);
    return rows.map(({ path }) => path);
  },
  /**
   * Returns an endpoint that runs the handler at `path` in its default version, or reaches it through one of `callers`, as a user with a role
   * outside of `roles`; undefined when none does.
   */
  beyond: (
    path: string,
    callers: readonly string[],
    roles: readonly string[],
  ): Promise<{ endpoint: string; executor: string } | undefined> =>
    db.get(sql`select ${endpoints.path} as endpoint, ${users.name} as executor from ${endpoints}
      join ${users} on ${users.id} = ${endpoints.executorId}
      join ${handlers} on ${handlers.id} = ${endpoints.handlerId}
      where (${handlers.path} = ${path} and ${endpoints.handlerVersion} is null
        or ${handlers.path} in ${among(callers)}
        or exists (select 1 from json_each(${endpoints.rules}, '$.middleware')
          where value->>'handler' in ${among([path, ...callers])})
        or exists (select 1 from json_each(${endpoints.rules}, '$.response.after')
          where value in ${among([path, ...callers])})
        or ${endpoints.rules}->>'$.onError' in ${among([path, ...callers])})
      and exists (select 1 from json_each(${users.roles}) where value not in ${among(roles)})
      limit 1`),
});
