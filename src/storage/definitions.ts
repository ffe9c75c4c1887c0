import { and, eq, getTableColumns, sql, type Placeholder, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { KEEP_ANSWERS_MS, type UndoneSpan } from '../kernel/kept-answer';
import { keepSelect, readKept } from './kept-select';
import type { KeyRow } from './keys';
import { selectRoutes, type RouteRow } from './routes';
import { codeInSource, withCode } from './version-code';
import { endpointKeys, routes, endpoints, handlers, handlerVersions, keys, restores, secrets, users } from './schema';

export interface DefinitionRow {
  endpoint: typeof endpoints.$inferSelect;
  handlerPath: string;
  handlerRevision: number;
  /** null: the handler has no such version, or was never deployed. */
  version: number | null;
  versionCreatedAt: number | null;
  /** JSON text of the artifact; null when the reader named this version as known. */
  artifact: string | null;
  executor: { id: string; name: string; roles: string[]; active: boolean } | null;
  keys: Omit<KeyRow, 'prefix' | 'revision' | 'createdAt' | 'updatedAt' | 'createdBy'>[];
  secrets: { name: string; version: number; roles: string[]; iv: string; ciphertext: string }[];
  /** Number of the last restore; 0 before the first. */
  incarnation: number;
  /** Restores that answers of the last day may be from before. */
  undone: UndoneSpan[];
  /** The served version of each attached handler, in order; nulls when it has none. */
  attached: {
    place: AttachedPlace;
    index: number;
    handlerId: string | null;
    version: number | null;
    createdAt: number | null;
    artifact: string | null;
  }[];
}

/** Attached handlers run before the handler (middleware), after it, or when it fails. */
export type AttachedPlace = 'before' | 'after' | 'on-error';

/** The version of a handler that a reader already has in memory. After a restore of the database, another version can have its number. */
export interface KnownVersion {
  id: string;
  version: number;
  createdAt: number;
}

/** A definition, where there is one, and the endpoints of its first segment. */
interface Found {
  routes: RouteRow[];
  definition: DefinitionRow | null;
}

/**
 * Reads the whole definition of an endpoint in one D1 batch: the endpoint, its handler's version, its executor and the state of its keys and
 * secrets; and the routes around it. Versions never change, so the artifact (up to a megabyte) is omitted when the reader names the one it
 * has. First calls wait for this: the SQL is built once for each isolate.
 */
export const createDefinitionQueries = (db: Database) => {
  let byId: KeptSelects | undefined;
  let byRoot: KeptSelects | undefined;
  const read = async (
    kept: KeptSelects,
    place: { id: string } | { root: string },
    have: KnownVersion | null,
  ): Promise<Found> => {
    const known = { haveId: have?.id ?? '', haveVersion: have?.version ?? 0, haveAt: have?.createdAt ?? 0 };
    const found = await readKept(db.$client, kept, { ...place, ...known });
    return { routes: found.routes, definition: toDefinition(found) };
  };
  return {
    get: (id: string, have: KnownVersion | null) => {
      const place = sql.placeholder('id');
      return read((byId ??= keepSelects(db, rootOf(place), sql`${place}`)), { id }, have);
    },
    /** Reads the routes of a first segment. Most have one endpoint, whose definition comes along; otherwise it is null. */
    ofRoot: (root: string, have: KnownVersion | null) => {
      const place = sql.placeholder('root');
      return read((byRoot ??= keepSelects(db, sql`${place}`, onlyIdOf(place))), { root }, have);
    },
  };
};

type Database = DrizzleD1Database & { $client: D1Database };
type KeptSelects = ReturnType<typeof keepSelects>;
type Rows = Awaited<ReturnType<typeof readKept<KeptSelects>>>;

const rootOf = (id: Placeholder): SQL => sql`(select root from ${routes} where endpoint_id = ${id} limit 1)`;

const onlyIdOf = (root: Placeholder): SQL =>
  sql`(select case when min(endpoint_id) = max(endpoint_id) then min(endpoint_id) end from ${routes} where root = ${root})`;

/** Builds the selects of a definition and of the routes around it. */
const keepSelects = (db: Database, root: SQL, id: SQL) => ({
  routes: keepSelect(db.$client, selectRoutes(db, root)),
  endpoint: keepSelect(db.$client, selectEndpoint(db, id)),
  keys: keepSelect(db.$client, selectKeys(db, id)),
  secrets: keepSelect(db.$client, selectSecrets(db, id)),
  attached: keepSelect(db.$client, selectAttached(db, id)),
});

function toDefinition({
  endpoint: [row],
  keys: keyRows,
  secrets: secretRows,
  attached: attachedRows,
}: Rows): DefinitionRow | null {
  if (row === undefined) return null;
  const { executorName, executorRoles, executorActive, code, undone, ...rest } = row;
  const artifact = withCode(row.artifact, code);
  const executor =
    executorName === null
      ? null
      : {
          id: row.endpoint.executorId,
          name: executorName,
          roles: JSON.parse(executorRoles ?? '[]') as string[],
          active: executorActive === 1,
        };
  return {
    ...rest,
    artifact,
    executor,
    keys: keyRows,
    secrets: secretRows,
    undone: JSON.parse(undone) as UndoneSpan[],
    attached: attachedRows.map(toAttached),
  };
}

/** A batch returns rows by column name, so each joined column needs a name of its own. */
const selectEndpoint = (db: Database, id: SQL) =>
  db
    .select({
      endpoint: getTableColumns(endpoints),
      handlerPath: sql<string>`${handlers.path}`.as('handler_path_'),
      handlerRevision: sql<number>`${handlers.revision}`.as('handler_revision_'),
      version: sql<number | null>`${handlerVersions.version}`.as('version_'),
      versionCreatedAt: sql<number | null>`${handlerVersions.createdAt}`.as('version_created_at_'),
      artifact: sql<string | null>`case
        when ${handlerVersions.handlerId} = ${sql.placeholder('haveId')} and ${handlerVersions.version} = ${sql.placeholder('haveVersion')}
          and ${handlerVersions.createdAt} = ${sql.placeholder('haveAt')} then null
        else ${handlerVersions.artifact} end`.as('artifact_'),
      code: codeInSource.as('code_'),
      executorName: sql<string | null>`${users.name}`.as('executor_name_'),
      executorRoles: sql<string | null>`${users.roles}`.as('executor_roles_'),
      executorActive: sql<number | null>`${users.active}`.as('executor_active_'),
      incarnation: sql<number>`coalesce((select max(${restores.incarnation}) from ${restores}), 0)`.as('incarnation_'),
      undone:
        sql<string>`(select json_group_array(json_array(${restores.backupAt}, ${restores.finishedAt})) from ${restores}
        where ${restores.finishedAt} > unixepoch() * 1000 - ${KEEP_ANSWERS_MS} and ${restores.backupAt} is not null)`.as(
          'undone_',
        ),
    })
    .from(endpoints)
    .innerJoin(handlers, eq(handlers.id, endpoints.handlerId))
    .leftJoin(
      handlerVersions,
      and(
        eq(handlerVersions.handlerId, endpoints.handlerId),
        sql`${handlerVersions.version} = coalesce(${endpoints.handlerVersion}, ${handlers.defaultVersion})`,
      ),
    )
    .leftJoin(users, eq(users.id, endpoints.executorId))
    .where(eq(endpoints.id, id));

const selectKeys = (db: Database, id: SQL) =>
  db
    .select({
      id: keys.id,
      alias: keys.alias,
      version: keys.version,
      active: keys.active,
      expiresAt: keys.expiresAt,
      scopes: keys.scopes,
      roles: keys.roles,
      addresses: keys.addresses,
      quota: keys.quota,
      previousUntil: keys.previousUntil,
      lastUsedAt: keys.lastUsedAt,
      previousUsedAt: keys.previousUsedAt,
    })
    .from(endpointKeys)
    .innerJoin(keys, eq(keys.id, endpointKeys.keyId))
    .where(and(eq(endpointKeys.endpointId, id), sql`${keys.revokedAt} is null`));

const selectSecrets = (db: Database, id: SQL) =>
  db
    .select({
      name: secrets.name,
      version: secrets.version,
      roles: secrets.roles,
      iv: secrets.iv,
      ciphertext: secrets.ciphertext,
    })
    .from(secrets)
    .where(
      // Version 0 was declared, and has no value yet.
      sql`${secrets.version} > 0 and ${secrets.name} in (select value from json_each((select json_extract(rules, '$.secrets') from ${endpoints} where id = ${id})))`,
    );

/** The currently served versions: a deployed one takes effect with the next refresh. */
const selectAttached = (db: Database, id: SQL) =>
  db
    .select({
      place: sql<AttachedPlace>`attached.place`.as('place_'),
      index: sql<number>`attached.key`.as('index_'),
      handlerId: sql<string | null>`${handlers.id}`.as('handler_id_'),
      version: sql<number | null>`${handlerVersions.version}`.as('version_'),
      createdAt: sql<number | null>`${handlerVersions.createdAt}`.as('created_at_'),
      artifact: sql<string | null>`${handlerVersions.artifact}`.as('artifact_'),
      code: codeInSource.as('code_'),
    })
    .from(
      sql`(select 'before' as place, key, value->>'handler' as path
          from ${endpoints}, json_each(${endpoints.rules}, '$.middleware') where ${endpoints.id} = ${id}
        union all select 'after', key, value
          from ${endpoints}, json_each(${endpoints.rules}, '$.response.after') where ${endpoints.id} = ${id}
        union all select 'on-error', 0, ${endpoints.rules}->>'$.onError'
          from ${endpoints} where ${endpoints.id} = ${id} and ${endpoints.rules}->>'$.onError' is not null) as attached`,
    )
    .leftJoin(handlers, sql`${handlers.path} = attached.path`)
    .leftJoin(
      handlerVersions,
      and(eq(handlerVersions.handlerId, handlers.id), eq(handlerVersions.version, handlers.defaultVersion)),
    )
    .orderBy(sql`attached.key`);

const toAttached = ({
  code,
  artifact,
  ...rest
}: { code: string | null; artifact: string | null } & Omit<
  DefinitionRow['attached'][number],
  'artifact'
>): DefinitionRow['attached'][number] => ({ ...rest, artifact: withCode(artifact, code) });
