import { and, eq } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { runViews } from './schema';

type RunViewsRow = typeof runViews.$inferSelect;

/** Named filters of the run history, one row for each user. */
export const createRunViewQueries = (db: DrizzleD1Database) => ({
  get: (userId: string): Promise<RunViewsRow | undefined> =>
    db.select().from(runViews).where(eq(runViews.userId, userId)).get(),
  /** Writes the views of a user while the stored ones have the revision `follows`; 0: while there are none. Returns false otherwise. */
  put: async (row: RunViewsRow, follows: number): Promise<boolean> => {
    const { meta } =
      follows === 0
        ? await db.insert(runViews).values(row).onConflictDoNothing().run()
        : await db
            .update(runViews)
            .set(row)
            .where(and(eq(runViews.userId, row.userId), eq(runViews.revision, follows)))
            .run();
    return meta.changes === 1;
  },
  removeOf: (userId: string) => db.delete(runViews).where(eq(runViews.userId, userId)),
});
