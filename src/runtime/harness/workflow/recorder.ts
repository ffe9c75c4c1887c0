import { cutText, snapshot } from './snapshot';
import type { StepRecord } from './types';

/** Maximum of records per run, and of characters of input and output in all of them (roughly). Further steps run unrecorded. */
const RECORDS = 1_000;
const RECORD_CHARS = 262_144;

export type Recorder = ReturnType<typeof createRecorder>;

/** Records the steps of one run in the order of their start, and tracks the open steps around the running one. */
export function createRecorder(sink: StepRecord[], scrub: (text: string) => string) {
  const startedAt = Date.now();
  const open: StepRecord[] = [];
  let count = 0;
  let left = RECORD_CHARS;

  function keep(value: unknown): unknown {
    if (left <= 0) return '… (the run’s records are full)';
    const kept = snapshot(value, scrub);
    left -= typeof kept === 'object' && kept !== null ? JSON.stringify(kept).length : 16;
    return kept;
  }
  function close(record: StepRecord, outcome: StepRecord['outcome']): void {
    if (record.outcome !== 'running') return;
    record.outcome = outcome;
    record.durationMs = Date.now() - startedAt - record.startedMs;
  }
  function fail(record: StepRecord, error: Error & { status?: unknown }): void {
    if (record.outcome !== 'running') return;
    const status = typeof error.status === 'number' ? { status: error.status } : {};
    record.error = {
      name: String(error.name).slice(0, 200),
      message: cutText(scrub(String(error.message)), 1_024),
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
