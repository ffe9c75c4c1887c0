import { and, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { createBlobs } from './blobs';
import { uploads } from './schema';

const keyOf = (sha256: string): string => `uploads/${sha256}`;
const isAmong = (hashes: readonly string[]) =>
  sql`${uploads.sha256} in (select value from json_each(${JSON.stringify(hashes)}))`;

/** Contents uploaded for a push: in R2 by their hash, with an index in D1. */
export const createUploads = (db: DrizzleD1Database, blobs: ReturnType<typeof createBlobs>) => {
  const known = async (hashes: readonly string[]): Promise<Set<string>> => {
    const rows = await db.select({ sha256: uploads.sha256 }).from(uploads).where(isAmong(hashes));
    return new Set(rows.map(({ sha256 }) => sha256));
  };
  return {
    /** Returns those of these hashes that were uploaded. */
    known,
    /** Stores a content, or keeps a known one for longer. */
    put: async (sha256: string, content: Uint8Array<ArrayBuffer>, uploadedAt: number): Promise<void> => {
      // The content first: an entry without one would be taken for an upload.
      await blobs.put(keyOf(sha256), content, 'project');
      const row = { sha256, bytes: content.length, uploadedAt };
      await db.insert(uploads).values(row).onConflictDoUpdate({ target: uploads.sha256, set: { uploadedAt } });
    },
    read: async (sha256: string): Promise<ArrayBuffer | null> => (await blobs.read(keyOf(sha256)))?.bytes ?? null,
    /** Removes at most `limit` contents that were last uploaded before `before`. Returns their number. */
    sweep: async (before: number, limit: number): Promise<number> => {
      const old = await db.select().from(uploads).where(lt(uploads.uploadedAt, before)).limit(limit);
      const hashes = old.map(({ sha256 }) => sha256);
      if (hashes.length === 0) return 0;
      // The entries first: an upload that begins by now stores its content again, and then its entry.
      await db.delete(uploads).where(and(lt(uploads.uploadedAt, before), isAmong(hashes)));
      const again = await known(hashes);
      await blobs.remove(hashes.filter((hash) => !again.has(hash)).map(keyOf));
      return hashes.length;
    },
  };
};
