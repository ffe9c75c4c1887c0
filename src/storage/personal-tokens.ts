import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { personalTokens, users } from './schema';

const PUBLIC = {
  id: personalTokens.id,
  userId: personalTokens.userId,
  name: personalTokens.name,
  prefix: personalTokens.prefix,
  scopes: personalTokens.scopes,
  expiresAt: personalTokens.expiresAt,
  createdAt: personalTokens.createdAt,
};
export type PersonalTokenRow = Omit<typeof personalTokens.$inferSelect, 'hash' | 'revokedAt'>;

/** Tokens that users make for programs. Queries match the hash of a value and never select it. */
export const createPersonalTokenQueries = (db: DrizzleD1Database) => ({
  get: (id: string): Promise<PersonalTokenRow | undefined> =>
    db
      .select(PUBLIC)
      .from(personalTokens)
      .where(and(eq(personalTokens.id, id), isNull(personalTokens.revokedAt)))
      .get(),
  /** Valid tokens of a user, or of all: newest first. */
  list: (userId: string | null, now: number, limit: number): Promise<PersonalTokenRow[]> =>
    db
      .select(PUBLIC)
      .from(personalTokens)
      .where(
        and(
          userId === null ? undefined : eq(personalTokens.userId, userId),
          isNull(personalTokens.revokedAt),
          gt(personalTokens.expiresAt, now),
        ),
      )
      .orderBy(desc(personalTokens.createdAt), desc(personalTokens.id))
      .limit(limit),
  insert: (row: typeof personalTokens.$inferInsert) => db.insert(personalTokens).values(row),
  revoke: (id: string, now: number) =>
    db
      .update(personalTokens)
      .set({ revokedAt: now })
      .where(and(eq(personalTokens.id, id), isNull(personalTokens.revokedAt))),
  /** Returns the token with this hash and its user, if both are valid. */
  identify: (hash: string, now: number) =>
    db
      .select({
        tokenId: personalTokens.id,
        scopes: personalTokens.scopes,
        userId: users.id,
        name: users.name,
        roles: users.roles,
      })
      .from(personalTokens)
      .innerJoin(users, eq(users.id, personalTokens.userId))
      .where(
        and(
          eq(personalTokens.hash, hash),
          isNull(personalTokens.revokedAt),
          gt(personalTokens.expiresAt, now),
          eq(users.active, true),
        ),
      )
      .get(),
});
