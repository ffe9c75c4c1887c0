import { and, eq, isNull } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { after, isBetween, newestFirst } from './conditions';
import { sessions, tokens, users } from './schema';

const PUBLIC = {
  id: tokens.id,
  name: tokens.name,
  roles: tokens.roles,
  executorId: tokens.executorId,
  expiresAt: tokens.expiresAt,
  revision: tokens.revision,
  createdAt: tokens.createdAt,
  updatedAt: tokens.updatedAt,
  createdBy: tokens.createdBy,
};
export type TokenRow = Omit<typeof tokens.$inferSelect, 'revokedAt'>;

/** Tokens that admins create for callers. Stores only the fields that may change; never the JWT itself. */
export const createTokenQueries = (db: DrizzleD1Database) => ({
  /** Revoked tokens are unknown. */
  get: (id: string): Promise<TokenRow | undefined> =>
    db
      .select(PUBLIC)
      .from(tokens)
      .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
      .get(),
  /** Lists tokens that expire between two times. */
  list: (
    expires: { after: number | undefined; before: number | undefined },
    position: { at: number; id: string } | null,
    limit: number,
  ): Promise<TokenRow[]> =>
    db
      .select(PUBLIC)
      .from(tokens)
      .where(
        and(
          isNull(tokens.revokedAt),
          isBetween(tokens.expiresAt, expires.after, expires.before),
          after(tokens.createdAt, tokens.id, position),
        ),
      )
      .orderBy(...newestFirst(tokens.createdAt, tokens.id))
      .limit(limit),
  insert: (row: typeof tokens.$inferInsert) => db.insert(tokens).values(row),
  update: (id: string, revision: number, patch: Partial<typeof tokens.$inferInsert>) =>
    db
      .update(tokens)
      .set({ ...patch, revision: revision + 1 })
      .where(and(eq(tokens.id, id), eq(tokens.revision, revision), isNull(tokens.revokedAt))),
  /** Returns the actor of a bearer token at an endpoint: the token's row, which alone has its expiry. */
  bearerToken: (id: string) =>
    db
      .select({ id: tokens.id, name: tokens.name, roles: tokens.roles, expiresAt: tokens.expiresAt })
      .from(tokens)
      .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
      .get(),
  /** Returns a token and its creator, if both are active. */
  withCreator: (id: string) =>
    db
      .select({
        id: tokens.id,
        name: tokens.name,
        roles: tokens.roles,
        expiresAt: tokens.expiresAt,
        executorId: tokens.executorId,
        userId: users.id,
        userRoles: users.roles,
      })
      .from(tokens)
      .innerJoin(users, eq(users.id, tokens.createdBy))
      .where(and(eq(tokens.id, id), isNull(tokens.revokedAt), eq(users.active, true)))
      .get(),
  /** Returns the actor of a bearer token at an endpoint: a signed-in user's session. */
  bearerSession: (sessionId: string) =>
    db
      .select({ id: users.id, name: users.name, roles: users.roles, expiresAt: sessions.expiresAt })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt), eq(users.active, true)))
      .get(),
});
