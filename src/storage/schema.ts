import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AuditEntry } from '../core/audit/audit.schema';
import type { AccessLevel, StoredRules, InstanceMode } from '../core/publishing/endpoints/endpoint.schema';
import type { RunView } from '../core/identity/views/run-view.schema';
import type { TokenScope } from '../core/access/permitted.rules';
import type { Artifact, Language } from '../core/code/artifact';
import type { SourceFiles } from '../core/publishing/handlers/source-files.schema';
import type { IdType, StoredColumn } from '../core/tables/catalogue/column.schema';
import type { EndpointLog } from '../core/runs/run.schema';
import type { BackupManifest, RestoreReport } from '../core/backup/backup.schema';
import { createdAt, id, revision, updatedAt } from './schema-columns';

/*
 * D1 database DB: definitions, users, audit. Times are Unix milliseconds. `revision` counts writes to one row; If-Match compares it.
 * docs/storage-schema.md lists where data is stored, its writers and its retention.
 */

export const users = sqliteTable(
  'users',
  {
    id: id(),
    name: text('name').notNull(),
    passwordHash: text('password_hash').notNull(),
    active: integer('active', { mode: 'boolean' }).notNull().default(true),
    roles: text('roles', { mode: 'json' }).$type<string[]>().notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [uniqueIndex('users_name').on(sql`lower(${t.name})`)],
);

/** Application roles: names that endpoint rules may require. The four built-in roles are in code, not here. */
export const roles = sqliteTable('roles', {
  name: text('name').primaryKey(),
  description: text('description').notNull().default(''),
  revision: revision(),
  createdAt: createdAt(),
});

/** Named JWTs for callers. The row has the fields that may change; the token itself is never stored. */
export const tokens = sqliteTable('tokens', {
  id: id(),
  name: text('name').notNull(),
  roles: text('roles', { mode: 'json' }).$type<string[]>().notNull(),
  /** Executor of the endpoints that the token creates; null: the creator of the token. */
  executorId: text('executor_id'),
  expiresAt: integer('expires_at'),
  revokedAt: integer('revoked_at'),
  revision: revision(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  createdBy: text('created_by').notNull(),
});

/** Tokens of users for programs that act for them, within scopes. Only the hash of a value is stored. */
export const personalTokens = sqliteTable(
  'personal_tokens',
  {
    id: id(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    hash: text('hash').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<TokenScope[]>().notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('personal_tokens_hash').on(t.hash), index('personal_tokens_user').on(t.userId)],
);

/** Texts that a user has not saved yet, each of one object. `revision` counts its writes. */
export const drafts = sqliteTable(
  'drafts',
  {
    userId: text('user_id').notNull(),
    kind: text('kind').$type<'handler' | 'graph' | 'operation'>().notNull(),
    objectId: text('object_id').notNull(),
    baseVersion: integer('base_version').notNull(),
    text: text('text').notNull(),
    revision: integer('revision').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.kind, t.objectId] })],
);

/** Filters of the run history that a user has pinned. `revision` counts the writes. */
export const runViews = sqliteTable('run_views', {
  userId: text('user_id').primaryKey(),
  items: text('items', { mode: 'json' }).$type<RunView[]>().notNull(),
  revision: integer('revision').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const handlers = sqliteTable(
  'handlers',
  {
    id: id(),
    path: text('path').notNull(),
    language: text('language').$type<Language>().notNull(),
    defaultVersion: integer('default_version'),
    latestVersion: integer('latest_version').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [uniqueIndex('handlers_path').on(t.path)],
);

/** Immutable. `artifact` is the loader's input: built when the version is saved, never on a call. */
export const handlerVersions = sqliteTable(
  'handler_versions',
  {
    handlerId: text('handler_id').notNull(),
    version: integer('version').notNull(),
    source: text('source').notNull(),
    artifact: text('artifact', { mode: 'json' }).$type<Artifact>().notNull(),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
    createdBy: text('created_by').notNull(),
    /** Of a version of many files: their paths and hashes, and the packages. `source` is then the entry. */
    files: text('files', { mode: 'json' }).$type<SourceFiles>(),
  },
  (t) => [primaryKey({ columns: [t.handlerId, t.version] })],
);

/** Contents of the versions that have many files. Read for a pull and for the stack of a run, never for a call. */
export const handlerFiles = sqliteTable(
  'handler_files',
  {
    handlerId: text('handler_id').notNull(),
    version: integer('version').notNull(),
    /** JSON object of texts by path, gzipped. */
    texts: blob('texts', { mode: 'buffer' }).notNull(),
    /** Source map of the code, gzipped. */
    map: blob('map', { mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.handlerId, t.version] })],
);

export const endpoints = sqliteTable(
  'endpoints',
  {
    id: id(),
    path: text('path').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    folder: text('folder').notNull(),
    handlerId: text('handler_id').notNull(),
    /** null: the handler's default version. */
    handlerVersion: integer('handler_version'),
    active: integer('active', { mode: 'boolean' }).notNull(),
    instance: text('instance').$type<InstanceMode>().notNull(),
    executorId: text('executor_id').notNull(),
    accessLevel: text('access_level').$type<AccessLevel>().notNull(),
    log: text('log').$type<EndpointLog>().notNull(),
    /** All settings that only the dispatch path reads, as one document. */
    rules: text('rules', { mode: 'json' }).$type<StoredRules>().notNull(),
    /** The name of its tool in lower case. null: it is no tool, or was saved before names were unique. */
    toolKey: text('tool_key'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [
    uniqueIndex('endpoints_tool').on(t.toolKey),
    index('endpoints_path').on(t.path),
    index('endpoints_handler').on(t.handlerId),
    index('endpoints_executor').on(t.executorId),
    index('endpoints_created').on(t.createdAt, t.id),
    index('endpoints_name').on(sql`(case ${t.title} when '' then ${t.path} else ${t.title} end) collate nocase`, t.id),
    index('endpoints_updated').on(t.updatedAt, t.id),
  ],
);

/**
 * The methods and paths that endpoints answer, inactive ones too. `shape` is the path in lower case with `:` for every name: the primary
 * key refuses two endpoints that would answer the same call. `root` is the first segment, as calls have it.
 */
export const routes = sqliteTable(
  'endpoint_routes',
  {
    shape: text('shape').notNull(),
    method: text('method').notNull(),
    endpointId: text('endpoint_id').notNull(),
    root: text('root').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shape, t.method] }),
    index('endpoint_routes_root').on(t.root, t.endpointId),
    index('endpoint_routes_endpoint').on(t.endpointId),
  ],
);

/** Values for handlers, AES-256-GCM under SECRETS_KEY, bound to name and version. Write-only through the API. */
export const secrets = sqliteTable('secrets', {
  name: text('name').primaryKey(),
  description: text('description').notNull(),
  /** Roles of executors that may use it; empty: any. */
  roles: text('roles', { mode: 'json' }).$type<string[]>().notNull(),
  version: integer('version').notNull(),
  iv: text('iv').notNull(),
  ciphertext: text('ciphertext').notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** Catalogue of the tables that handlers read and write. Their rows are in D1 DATA (rows.ts), under names derived from `id` and `key`. */
export const tables = sqliteTable(
  'tables',
  {
    id: id(),
    schema: text('schema').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    idType: text('id_type').$type<IdType>().notNull(),
    columns: text('columns', { mode: 'json' }).$type<StoredColumn[]>().notNull(),
    /** Roles that may read rows, and that may write them; empty: developers. Admins always may. */
    read: text('read', { mode: 'json' }).$type<string[]>().notNull(),
    write: text('write', { mode: 'json' }).$type<string[]>().notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [uniqueIndex('tables_name').on(t.schema, t.name), index('tables_created').on(t.createdAt, t.id)],
);

export const audit = sqliteTable(
  'audit',
  {
    id: id(),
    at: integer('at').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id'),
    action: text('action').notNull(),
    object: text('object').notNull(),
    objectId: text('object_id').notNull(),
    requestId: text('request_id').notNull(),
    changes: text('changes', { mode: 'json' }).$type<AuditEntry['changes']>().notNull(),
  },
  (t) => [
    index('audit_at').on(t.at, t.id),
    index('audit_object').on(t.object, t.objectId, t.at),
    index('audit_actor').on(t.actorId, t.at, t.id),
  ],
);

/** First responses of POST requests with an Idempotency-Key; kept for 24 hours. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    /** null while the first request is running. */
    status: integer('status'),
    body: text('body'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] }), index('idempotency_created').on(t.createdAt)],
);

/**
 * Restores of this service, finished or not. `incarnation` counts the finished ones: what a service was before a restore is another
 * incarnation of it.
 */
export const restores = sqliteTable(
  'restores',
  {
    id: id(),
    startedAt: integer('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    backup: text('backup', { mode: 'json' }).$type<BackupManifest>().notNull(),
    /** null until it has finished, like the report. */
    incarnation: integer('incarnation'),
    finishedAt: integer('finished_at'),
    report: text('report', { mode: 'json' }).$type<RestoreReport>(),
    /** The moment of the backup, once the restore has finished: what was done between it and `finished_at` is undone. */
    backupAt: integer('backup_at'),
  },
  (t) => [
    uniqueIndex('restores_incarnation').on(t.incarnation),
    // Has all that definitions read, because the rows are long.
    index('restores_finished').on(t.finishedAt, t.backupAt),
  ],
);

export * from './plynx/schema-graphs';
export * from './schema-packages';
export * from './schema-device-logins';
export * from './schema-projects';
export * from './schema-schedules';
export * from './schema-keys';
export * from './schema-sign-in';
export * from './schema-passkeys';
