import { gunzipSync, gzipSync } from 'node:zlib';
import { and, eq, lte } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { handlerFiles, handlers, handlerVersions } from './schema';

/** Bytes of a row, compressed: D1 allows two million. */
const MAX_PACKED_BYTES = 1_900_000;

/** Texts and source map of a version of many files; the map is empty for files that run as they are. */
interface Contents {
  texts: Record<string, string>;
  map: string;
}
/** The same, compressed, for a row. */
export interface PackedFiles {
  texts: Buffer;
  map: Buffer;
}

const unpack = (bytes: Uint8Array): string => gunzipSync(bytes).toString();

/** The contents of versions that have many files. */
export const createHandlerFileQueries = (db: DrizzleD1Database) => ({
  /** Compresses contents for a row; null when they are too large for one. */
  pack: ({ texts, map }: Contents): PackedFiles | null => {
    const packed = { texts: gzipSync(JSON.stringify(texts)), map: gzipSync(map) };
    return packed.texts.length + packed.map.length > MAX_PACKED_BYTES ? null : packed;
  },
  insert: (handlerId: string, version: number, packed: PackedFiles) =>
    db.insert(handlerFiles).values({ handlerId, version, ...packed }),
  /** Removes those of a version, or of all. */
  remove: (handlerId: string, version: number | null = null) =>
    db
      .delete(handlerFiles)
      .where(
        and(eq(handlerFiles.handlerId, handlerId), version === null ? undefined : eq(handlerFiles.version, version)),
      ),
  get: async (handlerId: string, version: number): Promise<Contents | null> => {
    const row = await db
      .select()
      .from(handlerFiles)
      .where(and(eq(handlerFiles.handlerId, handlerId), eq(handlerFiles.version, version)))
      .get();
    if (!row) return null;
    return { texts: JSON.parse(unpack(row.texts)) as Record<string, string>, map: unpack(row.map) };
  },
  /** Returns the source map of the version that a handler had at a time; null for one of a single file, or that is gone. */
  mapOf: async (path: string, version: number, at: number): Promise<string | null> => {
    const row = await db
      .select({ map: handlerFiles.map })
      .from(handlers)
      .innerJoin(handlerVersions, eq(handlerVersions.handlerId, handlers.id))
      .innerJoin(
        handlerFiles,
        and(eq(handlerFiles.handlerId, handlers.id), eq(handlerFiles.version, handlerVersions.version)),
      )
      .where(and(eq(handlers.path, path), eq(handlerVersions.version, version), lte(handlerVersions.createdAt, at)))
      .get();
    return row ? unpack(row.map) : null;
  },
});
