import { and, eq, isNull } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, newestFirst } from './page';
import { sessions, tokens, users } from './schema';

export type TokenRow = typeof tokens.$inferSelect;

/** Tokens that admins make for callers. Only what may change is here; the JWT itself is never stored. */
export const createTokenQueries = (db: DrizzleD1Database) => ({
  get: (id: string) => db.select().from(tokens).where(eq(tokens.id, id)).get(),
  list: (position: { at: number; id: string } | null, limit: number) =>
    db
      .select()
      .from(tokens)
      .where(and(isNull(tokens.revokedAt), after(tokens.createdAt, tokens.id, position)))
      .orderBy(...newestFirst(tokens.createdAt, tokens.id))
      .limit(limit),
  insert: (row: typeof tokens.$inferInsert) => db.insert(tokens).values(row),
  update: (id: string, revision: number, patch: Partial<typeof tokens.$inferInsert>) =>
    db
      .update(tokens)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(tokens.id, id), eq(tokens.revision, revision), isNull(tokens.revokedAt))),
  /** Who stands behind a bearer at an endpoint: a token's row. Expiry is in the JWT as well; the row decides. */
  bearerToken: (id: string) =>
    db
      .select({ id: tokens.id, name: tokens.name, roles: tokens.roles, expiresAt: tokens.expiresAt })
      .from(tokens)
      .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
      .get(),
  /** Who stands behind a bearer at an endpoint: a signed-in user's session. */
  bearerSession: (sessionId: string) =>
    db
      .select({ id: users.id, name: users.name, roles: users.roles, expiresAt: sessions.expiresAt })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt), eq(users.active, true)))
      .get(),
});
