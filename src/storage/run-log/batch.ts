import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
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

/** Characters that are deflated in one turn of the event loop: about 1 ms. */
const TURN_CHARS = 64_000;

/** Packs records into batches: one, unless they are very long. */
export function packRuns(runs: readonly StoredRun[]): RunBatch[] {
  return split(runs, BATCH_CHARS).map((own) => {
    const work = pack(own);
    let step = work.next();
    while (!step.done) step = work.next();
    return step.value;
  });
}

/** Packs records as `packRuns` does, but in several turns of the event loop, so that no call waits for all of the work. */
export async function packInTurns(runs: readonly StoredRun[]): Promise<RunBatch[]> {
  const batches: RunBatch[] = [];
  for (const own of split(runs, BATCH_CHARS)) {
    const work = pack(own);
    let step = work.next();
    while (!step.done) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      step = work.next();
    }
    batches.push(step.value);
  }
  return batches;
}

/** Splits records where the details of a part would have more than `maxChars`, which a single one may have. */
function split(runs: readonly StoredRun[], maxChars: number): StoredRun[][] {
  const parts: StoredRun[][] = [];
  let chars = Infinity;
  for (const run of runs) {
    chars += run.detail.length;
    if (chars > maxChars) {
      parts.push([]);
      chars = run.detail.length;
    }
    parts.at(-1)!.push(run);
  }
  return parts;
}

/** Packs the runs of several batches again, each run once. A single batch stays as it is. */
export function mergeBatches(batches: readonly RunBatch[]): RunBatch[] {
  if (batches.length <= 1) return [...batches];
  const runs = new Map(batches.flatMap(unpackRuns).map((run) => [run.entry.id, run] as const));
  return packRuns([...runs.values()]);
}

/** Packs records into one batch. Yields where the rest of the work may wait for another turn. */
function* pack(runs: readonly StoredRun[]): Generator<undefined, RunBatch> {
  const parts = split(runs, TURN_CHARS);
  const details: Uint8Array[] = [];
  for (const part of parts) {
    const text = part.map(({ detail }) => detail).join('\n');
    const isLast = part === parts.at(-1);
    details.push(isLast ? deflate(text) : deflate(`${text}\n`, constants.Z_SYNC_FLUSH));
    if (!isLast) yield;
  }
  if (parts.length > 1) yield;
  const entries = runs.map(({ entry }) => entry);
  return {
    ...toSought(runs),
    longest: entries.reduce((longest, { durationMs }) => Math.max(longest, durationMs ?? 0), 0),
    zone: toZone(entries),
    counts: toCounts(entries),
    entries: deflate(JSON.stringify(entries.map(toEntryFields))),
    details: concat(details),
    begun: runs.filter(({ hasBegun }) => hasBegun).map(({ entry }) => entry.id),
  };
}

/**
 * Deflates at level 1: half of the effort of the default for a tenth more bytes. Flushed, it is a beginning to which more can be added. A copy,
 * because a Buffer may be a view of a larger pool.
 */
const deflate = (text: string, finishFlush: number = constants.Z_FINISH): Uint8Array =>
  new Uint8Array(deflateRawSync(text, { level: 1, finishFlush }));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

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
