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

const BATCH = 100;

/**
 * Buffers run records of one isolate and sends them in batches of 100, or `waitMs` after the first. A record that cannot be made or a
 * sink that fails never reaches the caller: it is counted and logged.
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
    try {
      await sink.send(drafts.flatMap(make));
    } catch (error) {
      report(drafts.length, error);
    }
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
    console.error(
      JSON.stringify({
        level: 'error',
        message: 'run records lost',
        count,
        lostSinceStart: lost,
        error: String(error),
      }),
    );
  };

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
