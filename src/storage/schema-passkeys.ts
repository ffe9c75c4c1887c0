import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { createdAt, id } from './schema-columns';

/** Passkeys of users. `challengedAt` is the time of the last challenge that it answered: older ones are refused. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    id: id(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    credential: text('credential').notNull(),
    publicKey: text('public_key').notNull(),
    algorithm: integer('algorithm').$type<-7 | -257>().notNull(),
    counter: integer('counter').notNull(),
    challengedAt: integer('challenged_at').notNull(),
    createdAt: createdAt(),
    lastUsedAt: integer('last_used_at'),
  },
  (t) => [uniqueIndex('passkeys_credential').on(t.credential), index('passkeys_user').on(t.userId)],
);
