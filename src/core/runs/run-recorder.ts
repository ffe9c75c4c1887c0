import { createLogger } from '../../kernel/logger';
import type { RunRow } from '../../storage/runs';
import { toRowText } from './fit-row.rules';

/** Builds the record of a run; called after the response. */
type RunDraft = () => RunRow;

/** The output for run records, as JSON texts, sent in batches. Only SQLite parses them again. */
export interface RunSink {
  send: (rows: string[]) => Promise<void>;
}

export interface RunRecorder {
  /** Adds a record to the buffer; `defer` keeps the isolate alive until the batch is sent. Never throws. */
  record: (draft: RunDraft, now: number, defer: (work: Promise<unknown>) => void) => void;
}

const log = createLogger('runs');

const BATCH = 100;
/** Delays between the attempts to send a batch: 15 s together, half of the time that waitUntil has after the response. */
const RETRY_MS = [1000, 2000, 4000, 8000];
/** Records that wait for a retry: at most 30 MB of an isolate's 128 MB when each has its maximum size (fit-row.rules.ts). */
const MAX_WAITING = 300;

/**
 * Buffers the run records of one isolate and sends them in batches of 100, or `waitMs` after the first. When the sink rejects a batch, the
 * recorder retries it, up to five attempts in all. Errors do not reach the caller: the recorder counts and logs a record that cannot be
 * built, that was rejected five times, or that was the oldest when more than 300 waited for a retry.
 */
export function createRunRecorder(
  sink: RunSink,
  waitMs: number,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): RunRecorder {
  let buffer: RunDraft[] = [];
  let openedAt = 0;
  let lost = 0;

  /** Sends `drafts` unless they were sent already: the timer of a buffer must not send the next one half full. */
  const flush = async (drafts: RunDraft[]): Promise<void> => {
    if (drafts !== buffer) return;
    buffer = [];
    await persist(drafts.flatMap(make));
  };
  const make = (draft: RunDraft): string[] => {
    try {
      return [toRowText(draft())];
    } catch (error) {
      report(1, error);
      return [];
    }
  };
  const report = (count: number, error: unknown): void => {
    lost += count;
    log.error('run records lost', { event: 'run_record.lost', count, lostSinceStart: lost, error });
  };

  const persist = createRetry(sink, sleep, report);

  return {
    record: (draft, now, defer) => {
      buffer.push(draft);
      const own = buffer;
      if (own.length >= BATCH) defer(flush(own));
      else if (own.length === 1 || now - openedAt > 2 * waitMs) {
        // The first record of a buffer starts the timer. An overdue timer was canceled with its request, so this record starts another.
        openedAt = now;
        defer(sleep(waitMs).then(() => flush(own)));
      }
    },
  };
}

/**
 * Returns a function that sends a batch, with up to five attempts. Calls `lose` for dropped batches: rejected five times, or the
 * oldest when too many wait.
 */
function createRetry(
  sink: RunSink,
  sleep: (ms: number) => Promise<void>,
  lose: (count: number, error: unknown) => void,
): (rows: string[]) => Promise<void> {
  /** Batches that the sink rejected, oldest first. A removed batch is not retried. */
  const waiting = new Set<string[]>();

  /** Returns null, or the error of the sink. Some rows may arrive twice; the table keeps one per run. */
  const attempt = async (rows: string[]): Promise<{ error: unknown } | null> => {
    try {
      await sink.send(rows);
      return null;
    } catch (error) {
      return { error };
    }
  };
  const hold = (rows: string[], error: unknown): void => {
    const count = rows.length;
    log.warn('run-record batch rejected by the queue, retrying', { event: 'run_record.delayed', count, error });
    waiting.add(rows);
    let held = 0;
    for (const batch of waiting) held += batch.length;
    for (const oldest of waiting) {
      if (held <= MAX_WAITING) break;
      waiting.delete(oldest);
      held -= oldest.length;
      lose(oldest.length, error);
    }
  };

  return async (rows) => {
    let failure = await attempt(rows);
    if (failure === null) return;
    hold(rows, failure.error);
    for (const ms of RETRY_MS) {
      await sleep(ms);
      if (!waiting.has(rows)) return;
      failure = await attempt(rows);
      if (failure === null) return void waiting.delete(rows);
    }
    if (waiting.delete(rows)) lose(rows.length, failure.error);
  };
}
