import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { TokenScope } from '../core/access/permitted.rules';

/** Requests of programs to sign in as the user who approves them; a row ends with the token, or with `expires_at`. */
export const deviceLogins = sqliteTable(
  'device_logins',
  {
    id: text('id').primaryKey(),
    deviceHash: text('device_hash').notNull(),
    userCode: text('user_code').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<Exclude<TokenScope, 'push'>[]>().notNull(),
    days: integer('days').notNull(),
    status: text('status').$type<'pending' | 'approved' | 'denied'>().notNull(),
    userId: text('user_id'),
    polledAt: integer('polled_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('device_logins_device').on(t.deviceHash),
    uniqueIndex('device_logins_user_code').on(t.userCode),
    index('device_logins_expires').on(t.expiresAt),
  ],
);
