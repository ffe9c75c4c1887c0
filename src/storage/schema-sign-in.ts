import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ProviderSettings, SealedSecret } from '../core/identity/providers/provider.schema';
import { createdAt, id, revision, updatedAt } from './schema-columns';

/** One row per sign-in. The refresh token rotates in place; a second use of an old one ends the session. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: id(),
    userId: text('user_id').notNull(),
    refreshHash: text('refresh_hash').notNull(),
    /** Holder of the secret: a browser, in its cookie, or a program, as tokens. */
    holder: text('holder').$type<'browser' | 'program'>().notNull().default('program'),
    /** Address of the sign-in; empty for sessions of a release before. */
    address: text('address').notNull().default(''),
    createdAt: createdAt(),
    refreshedAt: integer('refreshed_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
);

/** Identity providers with which people sign in. */
export const signInProviders = sqliteTable('sign_in_providers', {
  name: text('name').primaryKey(),
  active: integer('active', { mode: 'boolean' }).notNull(),
  settings: text('settings', { mode: 'json' }).$type<ProviderSettings>().notNull(),
  /** The client secret, encrypted; null: a public client. */
  secret: text('secret', { mode: 'json' }).$type<SealedSecret>(),
  revision: revision(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** The user that a subject of an identity provider signs in as. */
export const userIdentities = sqliteTable(
  'user_identities',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    userId: text('user_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.subject] }), index('user_identities_user').on(t.userId)],
);
