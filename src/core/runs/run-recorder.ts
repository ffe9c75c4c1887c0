import { createLogger } from '../../kernel/logger';
import type { RunRow } from '../../storage/runs';
import { toRowText } from './fit-row.rules';

/** Makes the record of a run when there is time for it: after the answer. */
export type RunDraft = () => RunRow;

/** Where run records leave the isolate: JSON text, one of each, in messages of many. Nobody parses them again before SQLite does. */
export interface RunSink {
  send: (rows: string[]) => Promise<void>;
}

export interface RunRecorder {
  /** Takes a record into the buffer; `defer` keeps the isolate alive until the batch is out. Never throws. */
  record: (draft: RunDraft, now: number, defer: (work: Promise<unknown>) => void) => void;
}

const log = createLogger('runs');

const BATCH = 100;
/** Waits between the tries of a batch that the sink refused: 15 s, half of what waitUntil lives after the answer. */
const RETRY_MS = [1000, 2000, 4000, 8000];
/** Records that wait for another try, at most: 30 MB of an isolate's 128, were each as large as it may be (fit-row.rules.ts). */
const MAX_WAITING = 300;

/**
 * Buffers run records of one isolate and sends them in batches of 100, or `waitMs` after the first. A batch that the sink refuses is tried
 * again, five times in all. Nothing of this reaches the caller: a record that cannot be made, that was refused for good, or that
 * was the oldest when more than 300 waited for another try is counted and logged.
 */
export function createRunRecorder(
  sink: RunSink,
  waitMs: number,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): RunRecorder {
  let buffer: RunDraft[] = [];
  let openedAt = 0;
  let lost = 0;

  /** Sends `drafts` unless they have left already: the clock of a buffer must not send the next one half full. */
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
        // The first record of a buffer sets the clock. A clock that is overdue died with its request; this one takes over.
        openedAt = now;
        defer(sleep(waitMs).then(() => flush(own)));
      }
    },
  };
}

/** Sends a batch, five times at most. `lose` hears of what is given up: refused for good, or the oldest when too many wait. */
function createRetry(
  sink: RunSink,
  sleep: (ms: number) => Promise<void>,
  lose: (count: number, error: unknown) => void,
): (rows: string[]) => Promise<void> {
  /** Batches that the sink refused, oldest first. One that is taken out is not tried again. */
  const waiting = new Set<string[]>();

  /** Null when the sink took them, otherwise what it said. A part of them may arrive twice: the table keeps one row for a run. */
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
    log.warn('run records wait for another try', { event: 'run_record.delayed', count, error });
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
    let refusal = await attempt(rows);
    if (refusal === null) return;
    hold(rows, refusal.error);
    for (const ms of RETRY_MS) {
      await sleep(ms);
      if (!waiting.has(rows)) return;
      refusal = await attempt(rows);
      if (refusal === null) return void waiting.delete(rows);
    }
    if (waiting.delete(rows)) lose(rows.length, refusal.error);
  };
}
