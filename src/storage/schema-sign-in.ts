import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ProviderSettings, SealedSecret } from '../core/identity/providers/provider.schema';
import { createdAt, revision, updatedAt } from './schema-columns';

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
