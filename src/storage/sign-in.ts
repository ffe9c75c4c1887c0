import { and, asc, eq } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { signInProviders, userIdentities } from './schema-sign-in';

export type ProviderRow = typeof signInProviders.$inferSelect;
export type UserIdentityRow = typeof userIdentities.$inferSelect;

/** Identity providers, and the users that their subjects are. */
export const createSignInQueries = (db: DrizzleD1Database) => ({
  provider: (name: string): Promise<ProviderRow | undefined> =>
    db.select().from(signInProviders).where(eq(signInProviders.name, name)).get(),
  /** All providers by name, unpaged: there are at most 20. */
  providers: (): Promise<ProviderRow[]> => db.select().from(signInProviders).orderBy(asc(signInProviders.name)).all(),
  insertProvider: (row: ProviderRow) => db.insert(signInProviders).values(row),
  updateProvider: (name: string, at: number, row: Partial<ProviderRow>) =>
    db
      .update(signInProviders)
      .set({ ...row, revision: at + 1 })
      .where(and(eq(signInProviders.name, name), eq(signInProviders.revision, at))),
  removeProvider: (name: string, at: number) =>
    db.delete(signInProviders).where(and(eq(signInProviders.name, name), eq(signInProviders.revision, at))),
  /** Returns the identity of a subject. */
  identity: (provider: string, subject: string): Promise<UserIdentityRow | undefined> =>
    db
      .select()
      .from(userIdentities)
      .where(and(eq(userIdentities.provider, provider), eq(userIdentities.subject, subject)))
      .get(),
  /** Identities of a user by provider, oldest first. */
  identities: (userId: string, limit: number): Promise<UserIdentityRow[]> =>
    db
      .select()
      .from(userIdentities)
      .where(eq(userIdentities.userId, userId))
      .orderBy(asc(userIdentities.provider), asc(userIdentities.createdAt))
      .limit(limit),
  insertIdentity: (row: UserIdentityRow) => db.insert(userIdentities).values(row),
  removeIdentity: (userId: string, provider: string, subject: string) =>
    db
      .delete(userIdentities)
      .where(
        and(
          eq(userIdentities.userId, userId),
          eq(userIdentities.provider, provider),
          eq(userIdentities.subject, subject),
        ),
      ),
  removeIdentitiesOf: (userId: string) => db.delete(userIdentities).where(eq(userIdentities.userId, userId)),
  removeIdentitiesAt: (provider: string) => db.delete(userIdentities).where(eq(userIdentities.provider, provider)),
});
