import { and, asc, eq, lt, or, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { passkeys } from './schema';

const PUBLIC = {
  id: passkeys.id,
  userId: passkeys.userId,
  name: passkeys.name,
  credential: passkeys.credential,
  createdAt: passkeys.createdAt,
  lastUsedAt: passkeys.lastUsedAt,
};
export type PasskeyRow = Pick<typeof passkeys.$inferSelect, keyof typeof PUBLIC>;

/** Passkeys of users. */
export const createPasskeyQueries = (db: DrizzleD1Database) => ({
  /** Those of a user, oldest first. */
  list: (userId: string): Promise<PasskeyRow[]> =>
    db
      .select(PUBLIC)
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .orderBy(asc(passkeys.createdAt), asc(passkeys.id)),
  /** With its key, to verify a signature. */
  byCredential: (credential: string): Promise<typeof passkeys.$inferSelect | undefined> =>
    db.select().from(passkeys).where(eq(passkeys.credential, credential)).get(),
  insert: (row: typeof passkeys.$inferInsert) => db.insert(passkeys).values(row),
  /** Notes a use, unless the challenge is not newer than the last one, or the counter went back: of two replays at once one is noted. */
  use: async (
    id: string,
    { counter, challengedAt, now }: { counter: number; challengedAt: number; now: number },
  ): Promise<boolean> => {
    const { meta } = await db
      .update(passkeys)
      .set({ counter, challengedAt, lastUsedAt: now })
      .where(
        and(
          eq(passkeys.id, id),
          lt(passkeys.challengedAt, challengedAt),
          or(lt(passkeys.counter, counter), sql`(${passkeys.counter} = 0 and ${counter} = 0)`),
        ),
      )
      .run();
    return meta.changes === 1;
  },
  remove: (id: string, userId: string) =>
    db.delete(passkeys).where(and(eq(passkeys.id, id), eq(passkeys.userId, userId))),
  removeOf: (userId: string) => db.delete(passkeys).where(eq(passkeys.userId, userId)),
});
