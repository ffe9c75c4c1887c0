import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RunEntry, StoredRun } from '../../core/runs/run-log';
import { hash32 } from '../../kernel/hash.rules';
import { toCounts, type CallCounts } from './counts.rules';
import { toEntry, toEntryFields, type EntryFields } from './entry-fields.rules';
import { toZone } from './zone.rules';

/** Records of one object, as one row keeps them: what lists read, and apart from it, what is read with a whole record. */
export interface RunBatch {
  /** Times of the first and the last start, in Unix milliseconds. */
  first: number;
  last: number;
  /** The longest duration, in ms. */
  longest: number;
  zone: string;
  counts: CallCounts;
  /** A hash of each run id. */
  ids: Uint32Array;
  /** Deflated JSON list of the entries. */
  entries: Uint8Array;
  /** Deflated JSON texts of the details, one on each line. */
  details: Uint8Array;
  /** Ids of runs whose start is stored. */
  begun: string[];
}

/** Runs to look up in an object: hashes of their ids, and the times of the first and the last start. */
export type SoughtRuns = Pick<RunBatch, 'ids' | 'first' | 'last'>;

export const toSought = (runs: readonly StoredRun[]): SoughtRuns => ({
  ids: Uint32Array.from(runs, ({ entry }) => hash32(entry.id)),
  first: runs.reduce((first, { entry }) => Math.min(first, entry.startedAt), Infinity),
  last: runs.reduce((last, { entry }) => Math.max(last, entry.startedAt), 0),
});

/** Characters of the details of one batch: a value in SQLite has 2 MB at most, and these may not be compressible. */
const BATCH_CHARS = 600_000;

/** Packs records into batches: one, unless they are very long. */
export function packRuns(runs: readonly StoredRun[]): RunBatch[] {
  const batches: RunBatch[] = [];
  let from = 0;
  let chars = 0;
  runs.forEach(({ detail }, index) => {
    if (index > from && chars + detail.length > BATCH_CHARS) {
      batches.push(pack(runs.slice(from, index)));
      from = index;
      chars = 0;
    }
    chars += detail.length;
  });
  if (from < runs.length) batches.push(pack(from === 0 ? runs : runs.slice(from)));
  return batches;
}

/** Packs the runs of several batches again, each run once. A single batch stays as it is. */
export function mergeBatches(batches: readonly RunBatch[]): RunBatch[] {
  if (batches.length <= 1) return [...batches];
  const runs = new Map(batches.flatMap(unpackRuns).map((run) => [run.entry.id, run] as const));
  return packRuns([...runs.values()]);
}

function pack(runs: readonly StoredRun[]): RunBatch {
  const entries = runs.map(({ entry }) => entry);
  return {
    ...toSought(runs),
    longest: entries.reduce((longest, { durationMs }) => Math.max(longest, durationMs ?? 0), 0),
    zone: toZone(entries),
    counts: toCounts(entries),
    entries: deflate(JSON.stringify(entries.map(toEntryFields))),
    details: deflate(runs.map(({ detail }) => detail).join('\n')),
    begun: runs.filter(({ hasBegun }) => hasBegun).map(({ entry }) => entry.id),
  };
}

/** Level 1: half of the effort of the default for a tenth more bytes. A copy, because a Buffer may be a view of a larger pool. */
const deflate = (text: string): Uint8Array => new Uint8Array(deflateRawSync(text, { level: 1 }));

/** A batch whose records have all been deleted. */
export const NO_RUNS: Pick<RunBatch, 'ids' | 'entries' | 'details'> = {
  ids: new Uint32Array(),
  entries: deflate('[]'),
  details: deflate(''),
};

type Bytes = Uint8Array | ArrayBuffer;

export const unpackEntries = (entries: Bytes): RunEntry[] =>
  (JSON.parse(inflate(entries)) as EntryFields[]).map(toEntry);

/** Returns the JSON texts of the details, in the order of the entries. */
export const unpackDetails = (details: Bytes): string[] => inflate(details).split('\n');

/** Returns the details as one text, to search it. */
export const inflate = (bytes: Bytes): string => inflateRawSync(bytes).toString('utf8');

export const unpackRuns = ({ entries, details }: { entries: Bytes; details: Bytes }): StoredRun[] => {
  const texts = unpackDetails(details);
  return unpackEntries(entries).map((entry, index) => ({ entry, detail: texts[index]!, hasBegun: false }));
};
