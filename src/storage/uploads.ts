import { and, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { createBlobs } from './blobs';
import { uploads } from './schema';

const keyOf = (sha256: string): string => `uploads/${sha256}`;
const isAmong = (hashes: readonly string[]) =>
  sql`${uploads.sha256} in (select value from json_each(${JSON.stringify(hashes)}))`;

interface Upload {
  sha256: string;
  content: Uint8Array<ArrayBuffer> | string;
  bytes: number;
}

/** Contents uploaded for a push: in R2 by their hash, with an index in D1. */
export const createUploads = (db: DrizzleD1Database, blobs: ReturnType<typeof createBlobs>) => {
  const known = async (hashes: readonly string[]): Promise<Set<string>> => {
    const rows = await db.select({ sha256: uploads.sha256 }).from(uploads).where(isAmong(hashes));
    return new Set(rows.map(({ sha256 }) => sha256));
  };
  return {
    /** Returns those of these hashes that were uploaded. */
    known,
    /** Stores contents, at most 100, or keeps known ones for longer. */
    put: async (contents: readonly Upload[], uploadedAt: number): Promise<void> => {
      // The contents first: an entry without one would be taken for an upload.
      await Promise.all(contents.map(({ sha256, content }) => blobs.put(keyOf(sha256), content, 'project')));
      const rows = contents.map(({ sha256, bytes }) => ({ sha256, bytes }));
      await db.run(
        sql`insert into ${uploads} (sha256, bytes, uploaded_at)
            select value->>'sha256', value->>'bytes', ${uploadedAt} from json_each(${JSON.stringify(rows)}) where true
            on conflict (sha256) do update set uploaded_at = excluded.uploaded_at`,
      );
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
