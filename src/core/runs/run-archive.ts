import * as z from 'zod';

const Base64 = z.string().max(8_000_000);
const Id = z.string().max(128);

/** Stored batches of runs, in base64 where they are bytes. Each starts with its number. */
export const RunArchivePage = z.strictObject({
  batches: z.array(
    z.strictObject({
      seq: z.int(),
      first: z.int(),
      last: z.int(),
      longest: z.number(),
      zone: z.string(),
      counts: z.string(),
      ids: Base64,
      entries: Base64,
      details: Base64,
    }),
  ),
  /** Runs without an end: JSON texts of entry and detail. */
  starts: z.array(z.strictObject({ entry: z.string(), detail: z.string() })),
  /** Counts of days that are over, of the index. */
  hours: z.array(
    z.strictObject({ hour: z.int(), endpoint: z.string(), key: z.string(), place: z.string(), total: z.string() }),
  ),
  /** Places of runs whose ids do not name them, from the index. */
  names: z.array(z.strictObject({ id: Id, day: z.string(), shard: z.string() })),
  next: z.int().nullable(),
});
export type RunArchivePage = z.infer<typeof RunArchivePage>;

/** The run log as a backup reads and writes it, by parts: objects of days, and `runs/index`. */
export interface RunArchive {
  /** Lists the parts. `size` is the number of the last batch: later ones are not part of the backup. */
  parts: () => Promise<{ name: string; size: number }[]>;
  /** Returns batches after the number `after` up to `last`; of the index, rows after the first `after`. */
  read: (name: string, after: number, last: number) => Promise<RunArchivePage>;
  /** Adds runs that are not stored yet. */
  write: (name: string, page: RunArchivePage) => Promise<void>;
}
