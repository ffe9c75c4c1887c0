import { and, desc, eq, getTableColumns } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { drafts } from './schema';

export type DraftRow = typeof drafts.$inferSelect;

const of = (userId: string, kind: DraftRow['kind'], objectId: string) =>
  and(eq(drafts.userId, userId), eq(drafts.kind, kind), eq(drafts.objectId, objectId));

/** Texts that their user has not saved yet. */
export const createDraftQueries = (db: DrizzleD1Database) => ({
  list: (userId: string, limit: number): Promise<Omit<DraftRow, 'text'>[]> => {
    const { text: _text, ...summary } = getTableColumns(drafts);
    return db
      .select(summary)
      .from(drafts)
      .where(eq(drafts.userId, userId))
      .orderBy(desc(drafts.updatedAt), drafts.objectId)
      .limit(limit);
  },
  get: (userId: string, kind: DraftRow['kind'], objectId: string): Promise<DraftRow | undefined> =>
    db
      .select()
      .from(drafts)
      .where(of(userId, kind, objectId))
      .get(),
  /** Writes a draft while the stored one has the revision `follows`; 0: while there is none. Returns false otherwise. */
  put: async (row: DraftRow, follows: number): Promise<boolean> => {
    const { meta } =
      follows === 0
        ? await db.insert(drafts).values(row).onConflictDoNothing().run()
        : await db
            .update(drafts)
            .set(row)
            .where(and(of(row.userId, row.kind, row.objectId), eq(drafts.revision, follows)))
            .run();
    return meta.changes === 1;
  },
  remove: async (userId: string, kind: DraftRow['kind'], objectId: string): Promise<void> => {
    await db
      .delete(drafts)
      .where(of(userId, kind, objectId))
      .run();
  },
});
