import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { KeyQuota, KeyScopes } from '../core/identity/keys/key.schema';
import { createdAt, id, revision, updatedAt } from './schema-columns';

/** The keys that each endpoint accepts. A row never outlives its endpoint; a key in use cannot be deleted unless forced. */
export const endpointKeys = sqliteTable(
  'endpoint_keys',
  { endpointId: text('endpoint_id').notNull(), keyId: text('key_id').notNull() },
  (t) => [primaryKey({ columns: [t.endpointId, t.keyId] }), index('endpoint_keys_key').on(t.keyId)],
);

/** The authority on keys. `version` counts replacements of the value: a hash found in KV counts only with the same version. */
export const keys = sqliteTable(
  'keys',
  {
    id: id(),
    alias: text('alias').notNull(),
    hash: text('hash').notNull(),
    /** The first characters of a generated value, to distinguish keys in a list; null for custom values. */
    prefix: text('prefix'),
    active: integer('active', { mode: 'boolean' }).notNull(),
    expiresAt: integer('expires_at'),
    version: integer('version').notNull().default(1),
    /** Endpoints that it may call, of those that accept it; empty lists: all. */
    scopes: text('scopes', { mode: 'json' })
      .$type<KeyScopes>()
      .notNull()
      .default(sql`'{}'`),
    roles: text('roles', { mode: 'json' })
      .$type<string[]>()
      .notNull()
      .default(sql`'[]'`),
    /** Addresses and ranges from which it may be used; empty: any. */
    addresses: text('addresses', { mode: 'json' })
      .$type<string[]>()
      .notNull()
      .default(sql`'[]'`),
    quota: text('quota', { mode: 'json' })
      .$type<KeyQuota>()
      .notNull()
      .default(sql`'{}'`),
    /** The value before the last replacement, version - 1, until `previousUntil`. */
    previousHash: text('previous_hash'),
    previousUntil: integer('previous_until'),
    /** Last use of either value, written at most once an hour. */
    lastUsedAt: integer('last_used_at'),
    previousUsedAt: integer('previous_used_at'),
    revokedAt: integer('revoked_at'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [
    uniqueIndex('keys_hash').on(t.hash),
    index('keys_previous').on(t.previousHash),
    index('keys_created').on(t.createdAt, t.id),
  ],
);
