import type { Pipeline } from 'cloudflare:pipelines';
import type { RunEntry, RunLog, StoredRun } from '../core/runs/run-log';
import { toIso } from '../kernel/clock';
import { utf8Length } from '../kernel/encoding';
import { createLogger } from '../kernel/logger';

/** A run as a stream gets it: docs/run-stream.schema.json has its fields. `detail` is JSON text. */
export type StreamedRun = Omit<RunEntry, 'startedAt'> & { startedAt: string; detail: string };

export interface RunStreamBinding {
  /** A stream of Cloudflare Pipelines; absent where an operator has set none. */
  RUN_STREAM?: Pipeline<StreamedRun>;
}

/** Bytes of a request to a stream: it takes 1 MB, and each record has a comma besides. */
const MAX_BYTES = 990_000;

const log = createLogger('runs');

/**
 * Returns a run log that sends every run that it has stored to a stream as well. The history has all runs without it: a run that the stream
 * does not take is logged, and is missing there only.
 */
export function withStream<Log extends Pick<RunLog, 'append'>>(
  runLog: Log,
  { RUN_STREAM: stream }: RunStreamBinding,
): Log {
  if (stream === undefined) return runLog;
  return {
    ...runLog,
    append: async (runs, isRepeat) => {
      await runLog.append(runs, isRepeat);
      for (const records of toRequests(runs)) await send(stream, records);
    },
  };
}

async function send(stream: Pipeline<StreamedRun>, records: StreamedRun[]): Promise<void> {
  try {
    await stream.send(records);
  } catch (error) {
    log.error('the stream did not take runs', { event: 'run_stream.failed', count: records.length, error });
  }
}

/** Splits runs into requests of at most MAX_BYTES; a run is a tenth of that at most. */
function toRequests(runs: readonly StoredRun[]): StreamedRun[][] {
  const requests: StreamedRun[][] = [];
  let bytes = Infinity;
  for (const { entry, detail } of runs) {
    const record = { ...entry, startedAt: toIso(entry.startedAt), detail };
    const size = utf8Length(JSON.stringify(record)) + 1;
    bytes += size;
    if (bytes > MAX_BYTES) {
      requests.push([]);
      bytes = size;
    }
    requests.at(-1)!.push(record);
  }
  return requests;
}
