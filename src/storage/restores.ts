import { desc, eq, max } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { restores } from './schema';

export type RestoreRow = typeof restores.$inferSelect;

/** The restores of this service. */
export const createRestoreQueries = (db: DrizzleD1Database) => ({
  insert: (row: Pick<RestoreRow, 'id' | 'startedAt' | 'startedBy' | 'backup'>) => db.insert(restores).values(row),
  get: (id: string): Promise<RestoreRow | undefined> => db.select().from(restores).where(eq(restores.id, id)).get(),
  /** The newest first. */
  list: (limit: number): Promise<RestoreRow[]> =>
    db.select().from(restores).orderBy(desc(restores.startedAt), desc(restores.id)).limit(limit),
  /** Number of the last finished restore; 0 before the first. */
  incarnation: async (): Promise<number> =>
    (
      await db
        .select({ last: max(restores.incarnation) })
        .from(restores)
        .get()
    )?.last ?? 0,
});
