import type { Histogram } from '../../kernel/histogram.rules';
import type { Position } from '../../kernel/page';
import type { RunDetail, RunKind, RunOutcome } from './run.schema';

/** The facts of a run that lists show, filters compare and counters count. */
export interface RunEntry {
  id: string;
  endpointId: string;
  /** Path of the endpoint at the time of the call; null for a graph. */
  endpointPath: string | null;
  handlerVersion: number | null;
  handlerPath: string | null;
  kind: RunKind;
  outcome: RunOutcome;
  /** null while the call is running, and for graphs. */
  status: number | null;
  /** Unix milliseconds. */
  startedAt: number;
  durationMs: number | null;
  callerKind: string;
  callerId: string | null;
  executorId: string;
  errorCode: string | null;
  /** Id of the workflow step that failed. */
  failedStep: string | null;
  /** Number of calls that this record stands for: more than 1 for refusals that were counted instead of recorded one by one. */
  calls: number;
}

/** The whole redacted record of a run. */
export interface RunRecord extends RunEntry {
  detail: RunDetail;
}

/** A record as the run log takes it: `detail` is JSON text, which nothing parses until it is read. */
export interface StoredRun {
  entry: RunEntry;
  detail: string;
  /** True for the end of a run that `begin` has stored. */
  hasBegun: boolean;
}

/** All conditions must hold. Times in Unix milliseconds; `until` is exclusive. */
export interface RunFilter {
  endpointId?: string | undefined;
  endpointPath?: string | undefined;
  kind?: RunKind | undefined;
  outcomes?: readonly RunOutcome[] | undefined;
  status?: number | undefined;
  since?: number | undefined;
  until?: number | undefined;
  callerId?: string | undefined;
  minMs?: number | undefined;
  failedStep?: string | undefined;
  errorCode?: string | undefined;
  /** Text in any value of the record, or in the name of a header. Case does not matter, nor whether a letter and its accent are one character. */
  text?: string | undefined;
}

/** A part of a list. `next` is where to continue; null when nothing is left. */
export interface RunList {
  entries: RunEntry[];
  next: Position | null;
}

/**
 * Which calls to count, in steps of whole minutes, hours or days (UTC), and how to group them. Times in Unix milliseconds, at the start of a
 * step; `until` is exclusive.
 */
export interface RunStatsQuery {
  since: number;
  until: number;
  stepMs: number;
  by: 'endpoint' | 'key' | null;
  endpointId?: string | undefined;
  keyId?: string | undefined;
  kind?: RunKind | undefined;
}

/** How many calls of one group ended with one outcome in one step, and how long they took. */
export interface RunTally {
  /** Start of the step in Unix milliseconds. */
  at: number;
  /** Id of the endpoint or key; empty for callers without a key, and where nothing is grouped. */
  group: string;
  outcome: RunOutcome;
  calls: number;
  histogram: Histogram;
}

/** Which days to delete, in Unix milliseconds: those that ended before `before`, and the oldest of those that together have more than `maxBytes`. */
export interface RunRetention {
  now: number;
  before: number;
  maxBytes: number;
  /** Counts of hours before this are deleted. */
  countsBefore: number;
}

/** A run as it arrives, with its place in the order of arrival. */
export interface TailedRun {
  position: string;
  entry: RunEntry;
}

/** The store of run records: what was written is listed at once. */
export interface RunLog {
  /** Stores the start of a run whose code must not begin unrecorded. Rejects when it cannot. */
  begin: (run: StoredRun) => Promise<void>;
  /**
   * Stores ended runs, once per run id. `isRepeat`: an earlier attempt failed and may have stored some of them. Rejects when the store
   * cannot be reached.
   */
  append: (runs: readonly StoredRun[], isRepeat: boolean) => Promise<void>;
  get: (id: string) => Promise<RunRecord | null>;
  /**
   * Lists runs that are older than `before`, newest first. Returns fewer than `limit` with a `next` when its budget of work is used up
   * first: everything newer than `next` has been looked at.
   */
  list: (filter: RunFilter, before: Position | null, limit: number) => Promise<RunList>;
  /** Deletes the record of an ended run; its counts remain. */
  remove: (id: string) => Promise<void>;
  /** Counts runs. Throws 400 `invalid_parameter` when one object of the log has more than 100,000 counts for the answer. */
  stats: (query: RunStatsQuery) => Promise<RunTally[]>;
  /**
   * Streams runs as they arrive, those after the position `after` first. `listener` names a person or token. Throws 429 `rate_limited` for
   * too many streams of one listener.
   */
  tail: (listener: string, filter: RunFilter, after: string | null) => Promise<ReadableStream<TailedRun>>;
  /** Folds the counts of days that are over into hours, and deletes whole days, never the current one. Returns the number of deleted runs. */
  tend: (retention: RunRetention) => Promise<number>;
}
