import * as z from 'zod';

/** A part of a backup with pages: a table of a database, an object of the run log, its index, or the list of files. */
export const BackupPart = z.strictObject({
  /** `DB/users`, `DATA/tbl_…`, `runs/2026-11-26/0`, `runs/index` or `files`. */
  name: z.string().max(128),
  /** Rows of a table; the last batch of an object of the run log; 0 for the others. */
  size: z.int().min(0),
});
export type BackupPart = z.infer<typeof BackupPart>;

/** Parts of a backup, and its requirements of the service that it is restored into. */
export const BackupManifest = z.strictObject({
  format: z.literal(1),
  id: z.string().max(64),
  /** The moment of the snapshot. */
  at: z.iso.datetime(),
  origin: z.string().max(512),
  incarnation: z.int().min(0),
  /** The tables of `DB` with their columns: a service with others is of another release. */
  schema: z.record(z.string().max(64), z.array(z.string().max(64)).max(100)),
  /** Values that differ where a secret differs, and do not reveal it. */
  secrets: z.record(z.string().max(64), z.string().max(64).nullable()),
  parts: z.array(BackupPart).max(100_000),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

export const PartQuery = z.strictObject({
  part: z.string().min(1).max(1200),
  /** Position or key of the last item of the page before; empty for the first page. */
  after: z.string().max(1200).default(''),
  /** The `size` of an object of the run log. */
  last: z
    .string()
    .regex(/^\d{1,15}$/)
    .default('0'),
});
export type PartQuery = z.infer<typeof PartQuery>;

export const StartRestoreInput = z.strictObject({
  backup: BackupManifest,
  /** Replace a service that is not empty. */
  replace: z.boolean().default(false),
  /** Names of secrets that may differ: what they protect does not work then. */
  otherSecrets: z.array(z.string().max(64)).max(10).default([]),
});
export type StartRestoreInput = z.infer<typeof StartRestoreInput>;

export const RestorePartQuery = z.strictObject({
  part: z.string().min(1).max(1200),
  /** Of a file. */
  owner: z.string().max(512).default(''),
});
export type RestorePartQuery = z.infer<typeof RestorePartQuery>;

/** A credential that works again. */
export const Returned = z.object({
  kind: z.enum(['key', 'token', 'personal token', 'user']),
  id: z.string(),
  name: z.string(),
  /** In the service before the restore: it was not there, did not work, or had another value. */
  was: z.enum(['absent', 'ended', 'different']),
});
export type Returned = z.infer<typeof Returned>;

export const RestoreReport = z.object({
  incarnation: z.int(),
  sessionsEnded: z.int(),
  returned: z.array(Returned),
  /** How many more there are. */
  more: z.int(),
});
export type RestoreReport = z.infer<typeof RestoreReport>;

export const Restore = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  backup: z.object({ id: z.string(), at: z.string(), origin: z.string() }),
  report: RestoreReport.nullable(),
});
export type Restore = z.infer<typeof Restore>;

/** Bytes of a part in one request: pages have 4 MB of values, and files up to 32 MiB. */
export const MAX_PART_BYTES = 50 * 1_048_576;
