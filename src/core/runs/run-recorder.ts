import { createLogger } from '../../kernel/logger';
import type { LostRuns } from './lost-runs';
import type { RunLog, StoredRun } from './run-log';

/** Builds the record of a run; called after the response, under another request: it does no I/O. */
export type RunDraft = () => StoredRun;

/** A draft with about the bytes that it holds until its record is made. */
export interface SizedDraft {
  make: RunDraft;
  size: number;
}

export interface RunRecorder {
  /** Adds a record to the buffer; `defer` keeps the isolate alive until the batch is stored. Never throws. */
  record: (draft: SizedDraft, now: number, defer: (work: Promise<unknown>) => void) => void;
}

const log = createLogger('runs');

/** Records of a batch: each batch costs a request and a write, which 100 records do not outweigh. */
const BATCH = 400;
/** Records that are made in one turn of the event loop: calls wait for no more. */
const TURN = 50;
/** Bytes that drafts hold for which a batch leaves before it has as many: they are in memory until then. */
const BATCH_BYTES = 1_600_000;
/** Delays between the attempts to store a batch: 15 s together, half of the time that waitUntil has after the response. */
const RETRY_MS = [1000, 2000, 4000, 8000];
/** Time of a batch with all its attempts: a run log that does not answer must not hold it until waitUntil ends. */
export const DEADLINE_MS = 20_000;
/** Characters of the details of records that wait for a retry, of an isolate's 128 MB. */
const MAX_WAITING_CHARS = 30_000_000;

/**
 * Buffers the run records of one isolate and stores them in batches of 400 or 1.6 MB, or `waitMs` after the first. When the run log rejects a
 * batch, the recorder retries it, up to five attempts in 20 s, and then sets it aside in `lostRuns`, as it does with the oldest when more than
 * 30 MB wait for a retry. Errors do not reach the caller: the recorder counts and logs records that cannot be built or set aside.
 */
export function createRunRecorder(
  runLog: Pick<RunLog, 'append'>,
  lostRuns: Pick<LostRuns, 'put'>,
  waitMs: number,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): RunRecorder {
  let buffer: RunDraft[] = [];
  let bytes = 0;
  let openedAt = 0;
  let lost = 0;

  const report = (count: number, error: unknown): void => {
    lost += count;
    log.error('run records lost', { event: 'run_record.lost', count, lostSinceStart: lost, error });
  };
  const make = (draft: RunDraft): StoredRun[] => {
    try {
      return [draft()];
    } catch (error) {
      report(1, error);
      return [];
    }
  };
  const setAside = async (runs: StoredRun[], cause: unknown): Promise<void> => {
    const count = runs.length;
    try {
      await lostRuns.put(runs);
      log.error('run records set aside', { event: 'run_record.set_aside', count, error: cause });
    } catch (error) {
      report(count, error);
    }
  };
  const persist = createRetry(runLog, sleep, setAside);
  const send = async (drafts: RunDraft[]): Promise<void> => {
    const runs: StoredRun[] = [];
    for (let at = 0; at < drafts.length; at += TURN) {
      if (at > 0) await sleep(0);
      runs.push(...drafts.slice(at, at + TURN).flatMap(make));
    }
    if (runs.length > 0) await persist(runs);
  };
  const take = (): RunDraft[] => {
    const taken = buffer;
    buffer = [];
    bytes = 0;
    return taken;
  };
  /** Sends the buffer that began with `drafts`, unless it was sent already: its timer must not send the next one half full. */
  const flush = async (drafts: RunDraft[]): Promise<void> => {
    if (drafts === buffer) await send(take());
  };

  return {
    record: ({ make: draft, size }, now, defer) => {
      buffer.push(draft);
      bytes += size;
      const own = buffer;
      if (own.length >= BATCH || bytes >= BATCH_BYTES) {
        take();
        // The caller of the last one has its response first.
        defer(sleep(0).then(() => send(own)));
      } else if (own.length === 1 || now - openedAt > 2 * waitMs || now < openedAt) {
        // The first record of a buffer starts the timer. An overdue timer was canceled with its request, so this record starts another: also when
        // the clock was set back, which hides that.
        openedAt = now;
        defer(sleep(waitMs).then(() => flush(own)));
      }
    },
  };
}

const charsOf = (runs: readonly StoredRun[]): number => runs.reduce((sum, { detail }) => sum + detail.length, 0);

/**
 * Returns a function that stores a batch, with up to five attempts. Calls `giveUp` for a batch that was rejected five times, or is the
 * oldest when too many wait.
 */
function createRetry(
  runLog: Pick<RunLog, 'append'>,
  sleep: (ms: number) => Promise<void>,
  giveUp: (runs: StoredRun[], error: unknown) => Promise<void>,
): (runs: StoredRun[]) => Promise<void> {
  /** Rejected batches, oldest first. A removed batch is not retried. */
  const waiting = new Set<StoredRun[]>();

  /** Returns null, or the error of the run log, which may have stored some of the runs. */
  const attempt = async (runs: StoredRun[], isRepeat: boolean): Promise<{ error: unknown } | null> => {
    try {
      await runLog.append(runs, isRepeat);
      return null;
    } catch (error) {
      return { error };
    }
  };
  const hold = async (runs: StoredRun[], error: unknown): Promise<void> => {
    const count = runs.length;
    log.warn('run records not stored, retrying', { event: 'run_record.delayed', count, error });
    waiting.add(runs);
    let held = 0;
    for (const batch of waiting) held += charsOf(batch);
    const oldest: StoredRun[][] = [];
    for (const batch of waiting) {
      if (held <= MAX_WAITING_CHARS) break;
      waiting.delete(batch);
      held -= charsOf(batch);
      oldest.push(batch);
    }
    await Promise.all(oldest.map((batch) => giveUp(batch, error)));
  };

  return async (runs) => {
    let isOver = false;
    const deadline = sleep(DEADLINE_MS).then(() => {
      isOver = true;
      return { error: new Error(`the run log has not answered in ${DEADLINE_MS} ms`) };
    });
    let failure = await Promise.race([attempt(runs, false), deadline]);
    if (failure === null) return;
    await hold(runs, failure.error);
    for (const ms of RETRY_MS) {
      await Promise.race([sleep(ms), deadline]);
      if (!waiting.has(runs)) return;
      if (isOver) break;
      failure = await Promise.race([attempt(runs, true), deadline]);
      if (failure === null) return void waiting.delete(runs);
    }
    if (waiting.delete(runs)) await giveUp(runs, failure.error);
  };
}
