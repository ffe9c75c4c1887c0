/** Milliseconds for which the answer of a call is kept for its repeats. */
export const KEEP_ANSWERS_MS = 86_400_000;

/** Bytes of a body that can be kept: a value of a Durable Object has at most 2 MB, headers included. */
export const MAX_KEPT_BYTES = 1_048_576;

/** An answer as sent to the first caller. */
export interface KeptAnswer {
  status: number;
  /** Pairs of name and value. */
  headers: string[][];
  body: ArrayBuffer | null;
}

/** A call that may be repeated. `print` identifies its request; null: repeats are not compared. Times in Unix milliseconds. */
export interface FirstCall {
  runId: string;
  print: string | null;
  /** Time after which a call without an answer counts as lost, and a repeat runs again. */
  until: number;
  /** Restores of the last day. */
  undone: readonly UndoneSpan[];
}

/** A restore: the moment of its backup, and that of its end. What was done between them is undone. Unix milliseconds. */
export type UndoneSpan = readonly [from: number, until: number];

/**
 * Checks whether restores have undone what was done at a time. Goes back from the last one: a backup has what was in effect at its moment, so
 * restores after that moment do not count.
 */
export function isUndone(time: number, spans: readonly UndoneSpan[]): boolean {
  let asOf = Infinity;
  for (const [from, until] of spans.toSorted((one, other) => other[1] - one[1])) {
    if (until > asOf) continue;
    if (time > until) return false;
    if (time > from) return true;
    asOf = from;
  }
  return false;
}

/** State of a name that a call claims: it is the first one, or the first one still runs, had another request, or has an answer. */
export interface Claim {
  kind: 'first' | 'running' | 'different' | 'answered';
  /** The run of the first call. */
  runId: string;
  /** Null unless answered. */
  answer: KeptAnswer | null;
}

/** Keeps the answers of calls by name, each in one place for all locations. Throws 503 `unavailable` when it cannot be reached. */
export interface KeptAnswers {
  claim: (name: string, call: FirstCall) => Promise<Claim>;
  /** Keeps the answer of the call that claimed the name; null gives the name back. */
  settle: (name: string, runId: string, answer: KeptAnswer | null) => Promise<void>;
}
