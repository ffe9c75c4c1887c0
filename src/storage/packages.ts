import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { PackageSet } from '../core/code/package-set';
import { after, newestFirst } from './conditions';
import { handlerVersions } from './schema';
import { packageSets, packageWheels } from './schema-packages';

export type WheelRow = typeof packageWheels.$inferSelect;
export type PackageSetRow = typeof packageSets.$inferSelect;

const wheelKey = (sha256: string): string => `python/wheels/${sha256}`;
const setPrefix = (id: string): string => `python/uploaded/${id}/`;

/** Uploaded wheels, and the sets that were made of them: rows in D1, files in R2. */
export const createPackageQueries = (db: DrizzleD1Database, bucket: R2Bucket) => ({
  putWheel: async (sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    await bucket.put(wheelKey(sha256), bytes);
  },
  /** Deletes the content of a wheel, unless a row has it, of another upload at the same time. */
  dropWheelFile: async (sha256: string): Promise<void> => {
    const row = await db.select().from(packageWheels).where(eq(packageWheels.sha256, sha256)).get();
    if (row === undefined) await bucket.delete(wheelKey(sha256));
  },
  maxWheels: MAX_WHEELS,
  wheels: (): Promise<WheelRow[]> => db.select().from(packageWheels).orderBy(asc(packageWheels.file)).limit(MAX_WHEELS),
  listWheels: (position: { at: number; id: string } | null, limit: number): Promise<WheelRow[]> =>
    db
      .select()
      .from(packageWheels)
      .where(after(packageWheels.createdAt, packageWheels.sha256, position))
      .orderBy(...newestFirst(packageWheels.createdAt, packageWheels.sha256))
      .limit(limit),
  wheel: (sha256: string): Promise<WheelRow | undefined> =>
    db.select().from(packageWheels).where(eq(packageWheels.sha256, sha256)).get(),
  insertWheel: (row: WheelRow) => db.insert(packageWheels).values(row),
  removeWheel: (sha256: string) => db.delete(packageWheels).where(eq(packageWheels.sha256, sha256)),

  /** Returns what the runtime knows of the current sets. */
  sets: async (): Promise<PackageSet[]> =>
    (await db.select({ entry: packageSets.entry }).from(packageSets).where(isNull(packageSets.retiredAt))).map(
      ({ entry }) => entry,
    ),
  set: (name: string): Promise<PackageSetRow | undefined> =>
    db
      .select()
      .from(packageSets)
      .where(and(eq(packageSets.name, name), isNull(packageSets.retiredAt)))
      .get(),
  isKnown: async (id: string): Promise<boolean> =>
    (await db.select({ id: packageSets.id }).from(packageSets).where(eq(packageSets.id, id)).get()) !== undefined,
  insertSet: (row: PackageSetRow) => db.insert(packageSets).values(row),
  retireSet: (id: string, retiredAt: number) =>
    db
      .update(packageSets)
      .set({ retiredAt })
      .where(and(eq(packageSets.id, id), isNull(packageSets.retiredAt))),
  removeSet: (id: string) => db.delete(packageSets).where(eq(packageSets.id, id)),
  /** Returns sets that were retired before a time and that no version of a handler needs. */
  unneeded: (retiredBefore: number, limit: number): Promise<{ id: string }[]> =>
    db
      .select({ id: packageSets.id })
      .from(packageSets)
      .where(
        and(
          lt(packageSets.retiredAt, retiredBefore),
          sql`not exists (select 1 from ${handlerVersions} where ${handlerVersions.artifact}->>'$.packages.id' = ${packageSets.id})`,
        ),
      )
      .limit(limit),
  /** Returns a set that has no snapshot for a version of the runtime. */
  withoutSnapshot: (version: string): Promise<PackageSetRow | undefined> =>
    db
      .select()
      .from(packageSets)
      .where(sql`not exists (select 1 from json_each(${packageSets.snapshots}) where value = ${version})`)
      .limit(1)
      .get(),
  noteSnapshots: async (id: string, snapshots: string[]): Promise<void> => {
    await db.update(packageSets).set({ snapshots }).where(eq(packageSets.id, id));
  },
  /** Deletes the files of a set, or those of one version of the runtime. */
  removeSetFiles: async (id: string, version?: string): Promise<void> => {
    const prefix = setPrefix(id) + (version === undefined ? '' : `${version}/`);
    let cursor: string | undefined;
    do {
      const listed: R2Objects = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) });
      if (listed.objects.length > 0) await bucket.delete(listed.objects.map(({ key }) => key));
      cursor = listed.truncated ? listed.cursor : undefined;
    } while (cursor !== undefined);
  },
});

/** Wheels that a service keeps, at most: resolving reads them all. */
const MAX_WHEELS = 500;
