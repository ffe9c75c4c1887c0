import { and, sql, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Used, Use } from '../core/uses/use.schema';
import type { Precondition } from './commit';
import {
  endpointKeys,
  endpoints,
  graphs,
  handlers,
  handlerVersions,
  keys,
  nodes,
  secrets,
  tables,
  tokens,
  users,
} from './schema';
import { signInProviders } from './schema-sign-in';

/** One kind of use: `rows` selects the id and the name of each row of `noun` that has it, and the version that it pins where that matters. */
interface Way {
  noun: Use['noun'];
  as: Use['as'];
  /** A forced deletion leaves a defined state: the documentation describes the effect on the user of it. */
  forcible: boolean;
  rows: SQL;
}

/** Every kind of use of one definition by another: deletions check it, and lists of uses show it. */
const WAYS: { [N in Used['noun']]: (used: Extract<Used, { noun: N }>) => Way[] } = {
  key: ({ id }) => [
    way('endpoint', 'key', true, sql`select ${endpoints.id} as id, ${endpoints.path} as name from ${endpointKeys}
      join ${endpoints} on ${endpoints.id} = ${endpointKeys.endpointId} where ${endpointKeys.keyId} = ${id}`),
  ],
  handler: ({ id, path }) => [
    way('endpoint', 'handler', false, sql`select ${endpoints.id} as id, ${endpoints.path} as name,
      ${endpoints.handlerVersion} as version from ${endpoints} where ${endpoints.handlerId} = ${id}`),
    way('endpoint', 'middleware', false, endpointsWhere(sql`exists (select 1
      from json_each(${endpoints.rules}, '$.middleware') where value->>'handler' = ${path})`)),
    way('endpoint', 'after', false, endpointsWhere(has(sql`${endpoints.rules}, '$.response.after'`, path))),
    way('endpoint', 'onError', false, endpointsWhere(sql`${endpoints.rules}->>'$.onError' = ${path}`)),
    callsOf({ id, path }),
  ],
  path: (handler) => [callsOf(handler)],
  version: ({ id, version }) => [
    way('handler', 'default', false, sql`select id, path as name from ${handlers}
      where ${handlers.id} = ${id} and ${handlers.defaultVersion} = ${version}`),
    way('endpoint', 'version', false, endpointsWhere(
      sql`${endpoints.handlerId} = ${id} and ${endpoints.handlerVersion} = ${version}`)),
  ],
  secret: ({ name }) => [
    way('endpoint', 'secret', true, endpointsWhere(has(sql`${endpoints.rules}, '$.secrets'`, name))),
  ],
  table: ({ schema, name }) => [
    way('handler', 'table', true, servedHandlers('$.mentions.tables', `${schema}.${name}`, sql`true`)),
  ],
  'package-set': ({ id }) => [
    way('handler', 'packages', true, servedHandlers('$.packages', id, sql`true`)),
  ],
  role: ({ name }) => [
    way('user', 'role', false, sql`select id, name from ${users} where ${has(sql`${users.roles}`, name)}`),
    way('token', 'role', false, sql`select id, name from ${tokens} where ${tokens.revokedAt} is null
      and ${has(sql`${tokens.roles}`, name)}`),
    way('key', 'role', false, sql`select id, alias as name from ${keys} where ${keys.revokedAt} is null
      and ${has(sql`${keys.roles}`, name)}`),
    way('endpoint', 'role', false, endpointsWhere(has(sql`${endpoints.rules}, '$.roles.of'`, name))),
    way('endpoint', 'role', false, endpointsWhere(sql`exists (select 1 from json_each(${endpoints.rules}, '$.issuers') as issuer,
      json_each(issuer.value, '$.roles.map') as mapped where mapped.value = ${name})`)),
    way('provider', 'role', false, sql`select name as id, name from ${signInProviders} where exists (select 1
      from json_each(${signInProviders.settings}, '$.roles') where value = ${name})`),
    way('table', 'read', false, tablesWhere(has(sql`${tables.read}`, name))),
    way('table', 'write', false, tablesWhere(has(sql`${tables.write}`, name))),
    way('secret', 'role', false, sql`select name as id, name from ${secrets} where ${has(sql`${secrets.roles}`, name)}`),
  ],
  user: ({ id }) => [
    way('endpoint', 'executor', false, endpointsWhere(sql`${endpoints.executorId} = ${id}`)),
    way('token', 'executor', true, sql`select id, name from ${tokens} where ${tokens.revokedAt} is null
      and ${tokens.executorId} = ${id}`),
    way('token', 'owner', true, sql`select id, name from ${tokens} where ${tokens.revokedAt} is null
      and ${tokens.createdBy} = ${id}`),
    // Graphs of calls expire; saved ones stay, and only their owner can change them.
    way('graph', 'owner', true, sql`select id, title as name from ${graphs} where ${graphs.ownerId} = ${id}
      and ${graphs.endpointId} is null`),
    way('node', 'owner', true, sql`select id, title as name from ${nodes} where ${nodes.ownerId} = ${id}`),
  ],
}; // oxfmt-ignore

const way = (noun: Way['noun'], as: Way['as'], forcible: boolean, rows: SQL): Way => ({ noun, as, forcible, rows });

/** True when the JSON list (or list at a path in JSON) contains `value`. */
const has = (list: SQL, value: string): SQL => sql`exists (select 1 from json_each(${list}) where value = ${value})`;

const endpointsWhere = (condition: SQL): SQL =>
  sql`select ${endpoints.id} as id, ${endpoints.path} as name from ${endpoints} where ${condition}`;

const tablesWhere = (condition: SQL): SQL =>
  sql`select id, ${tables.schema} || '.' || ${tables.name} as name from ${tables} where ${condition}`;

/** Handlers whose list at `path` of the artifact has `name`, in a version that is served: the default one, or one that an endpoint pins. */
const servedHandlers = (path: string, name: string, condition: SQL): SQL =>
  sql`select distinct ${handlers.id} as id, ${handlers.path} as name from ${handlers}
    join ${handlerVersions} on ${handlerVersions.handlerId} = ${handlers.id}
    where ${condition} and ${has(sql`${handlerVersions.artifact}, ${sql.raw(`'${path}'`)}`, name)}
    and (${handlerVersions.version} = ${handlers.defaultVersion} or ${handlerVersions.version} in
      (select ${endpoints.handlerVersion} from ${endpoints} where ${endpoints.handlerId} = ${handlers.id}))`;

const callsOf = ({ id, path }: { id: string; path: string }): Way =>
  way('handler', 'call', true, servedHandlers('$.workflow.calls', path, sql`${handlers.id} <> ${id}`));

const waysOf = (used: Used): Way[] => (WAYS[used.noun] as (used: Used) => Way[])(used);

/** Uses of a definition. One list (above) answers both questions: whether it may be deleted, and what uses it. */
export const createUseQueries = (db: DrizzleD1Database) => ({
  /** True while nothing uses it, checked by its deletion. With `force`, ignores uses that can do without it. */
  none: (used: Used, force: boolean): Precondition =>
    and(...waysOf(used).flatMap(({ forcible, rows }) => (force && forcible ? [] : [sql`not exists (${rows})`]))) ??
    sql`true`,
  /** Returns uses, at most `limit` of each kind; `forcible` false: only those that also block a forced deletion. */
  list: async (used: Used, limit: number, forcible: boolean): Promise<Use[]> => {
    const ways = waysOf(used).filter((each) => forcible || !each.forcible);
    // One statement each: D1 takes no more than five SELECTs in one.
    const found = await Promise.all(
      ways.map(({ rows }) => db.all<Pick<Use, 'id' | 'name' | 'version'>>(sql`${rows} order by 2, 1 limit ${limit}`)),
    );
    return ways.flatMap(({ noun, as }, i) =>
      found[i]!.map(({ id, name, ...pinned }) => ({ noun, id, name, as, ...pinned })),
    );
  },
});
