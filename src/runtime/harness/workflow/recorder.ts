import { cutText, snapshot } from './snapshot';
import type { StepRecord } from './types';

/**
 * Maximum of records per run, and of characters of input, output and errors in all of them, as JSON. Further steps run unrecorded. The
 * service accepts no longer report (../../envelope.ts): a call that exceeded it would lose its response too.
 */
const RECORDS = 1_000;
const RECORD_CHARS = 262_144;
const FULL = '… (the run’s records are full)';

export type Recorder = ReturnType<typeof createRecorder>;

/** Records the steps of one run in the order of their start, and tracks the open steps around the running one. */
export function createRecorder(sink: StepRecord[], scrub: (text: string) => string) {
  const startedAt = Date.now();
  const open: StepRecord[] = [];
  let count = 0;
  let left = RECORD_CHARS;

  /** Returns what `make` returns, while there is room. */
  function within<T>(make: () => T): T | string {
    if (left <= 0) return FULL;
    const kept = make();
    left -= JSON.stringify(kept)?.length ?? 0;
    return kept;
  }
  const keep = (value: unknown): unknown => within(() => snapshot(value, scrub));
  function close(record: StepRecord, outcome: StepRecord['outcome']): void {
    if (record.outcome !== 'running') return;
    record.outcome = outcome;
    record.durationMs = Date.now() - startedAt - record.startedMs;
  }
  function fail(record: StepRecord, error: Error & { status?: unknown }): void {
    if (record.outcome !== 'running') return;
    const status = typeof error.status === 'number' ? { status: error.status } : {};
    record.error = {
      name: within(() => String(error.name).slice(0, 200)),
      message: within(() => cutText(scrub(String(error.message)), 1_024)),
      ...status,
    };
    close(record, 'failed');
  }

  return {
    start(id: string, action: string): StepRecord {
      const record: StepRecord = { id, action, outcome: 'running', startedMs: Date.now() - startedAt, durationMs: 0 };
      if (count++ < RECORDS) sink.push(record);
      return record;
    },
    input: (record: StepRecord, value: unknown): void => void (record.input = keep(value)),
    output(record: StepRecord, value: unknown, outcome: 'success' | 'mocked' = 'success'): void {
      record.output = keep(value);
      close(record, outcome);
    },
    fail,
    /** Opens a step that contains steps, until `leave`. */
    enter: (record: StepRecord): void => void open.push(record),
    /** Closes the innermost open steps, down to and including the one with this id. */
    leave(id: string, output: unknown): void {
      for (let record = open.pop(); record !== undefined; record = open.pop()) {
        if (record.id === id) {
          record.output = keep(output);
          return close(record, 'success');
        }
        close(record, 'success');
      }
    },
    /** Fails the open steps inside the one with this id; without an id, all of them. */
    unwind(error: Error, id?: string): void {
      while (open.length > 0 && open.at(-1)?.id !== id) fail(open.pop()!, error);
    },
    /** Ends the run with success, and with it all open steps. */
    finish(): void {
      for (const record of open.splice(0)) close(record, 'success');
    },
  };
}
