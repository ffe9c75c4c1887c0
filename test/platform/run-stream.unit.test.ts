import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import schema from '../../docs/run-stream.schema.json' with { type: 'json' };
import type { RunLog, StoredRun } from '../../src/core/runs/run-log';
import { withStream, type StreamedRun } from '../../src/platform/run-stream';
import { detail, endpointId, record, stored } from '../support/runs';

const endpoint = endpointId();

/** A run log with a stream: `isAway` fails the appends of the log, `isFull` those of the stream. */
function open({ isAway = false, isFull = false } = {}) {
  const appended: StoredRun[] = [];
  const requests: StreamedRun[][] = [];
  const runLog: Pick<RunLog, 'append'> = {
    append: (runs: readonly StoredRun[]) => {
      if (isAway) return Promise.reject(new Error('the object is away'));
      appended.push(...runs);
      return Promise.resolve();
    },
  };
  const RUN_STREAM = {
    send: (records: StreamedRun[]) => {
      requests.push(records);
      return isFull ? Promise.reject(new Error('too much')) : Promise.resolve();
    },
  };
  return { log: withStream(runLog, { RUN_STREAM }), appended, requests, runLog };
}

let logged: ReturnType<typeof vi.spyOn>;
beforeEach(() => void (logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)));
afterEach(() => vi.restoreAllMocks());

describe('a run log with a stream', () => {
  test('sends each run once it is stored, with the fields of the schema', async () => {
    const { log, appended, requests } = open();
    const run = record(endpoint, { startedAt: Date.parse('2026-01-02T03:04:05.678Z'), callerId: 'key_1' });
    await log.append(stored(run), false);
    expect(appended).toHaveLength(1);
    expect(requests).toHaveLength(1);
    const [sent] = requests[0]!;
    expect(sent).toMatchObject({ id: run.id, startedAt: '2026-01-02T03:04:05.678Z', callerId: 'key_1', calls: 1 });
    expect(JSON.parse(sent!.detail)).toEqual(run.detail);
    expect(Object.keys(sent!).toSorted()).toEqual(schema.fields.map(({ name }) => name).toSorted());
    const required = schema.fields.filter((field) => field.required).map(({ name }) => name as keyof StreamedRun);
    expect(required.filter((name) => sent![name] === null)).toEqual([]);
  });

  test('sends large runs in requests of less than 1 MB, none twice', async () => {
    const { log, requests } = open();
    const large = detail({ logs: [{ at: '2026-01-02T03:04:05Z', level: 'info', message: 'ü'.repeat(40_000) }] });
    const runs = Array.from({ length: 30 }, () => record(endpoint, { detail: large }));
    await log.append(stored(...runs), false);
    expect(requests.flat().map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
    for (const request of requests) expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(1_000_000);
    expect(requests.length).toBeGreaterThan(1);
  });

  test('sends nothing that the run log has refused: the retry does', async () => {
    const { log, requests } = open({ isAway: true });
    await expect(log.append(stored(record(endpoint)), false)).rejects.toThrow('the object is away');
    expect(requests).toEqual([]);
  });

  test('keeps runs that the stream refuses, and logs how many', async () => {
    const { log, appended } = open({ isFull: true });
    await log.append(stored(record(endpoint), record(endpoint)), false);
    expect(appended).toHaveLength(2);
    expect(JSON.parse(String(logged.mock.calls[0]![0]))).toMatchObject({ event: 'run_stream.failed', count: 2 });
  });
});

test('a run log without a stream stays as it is', () => {
  const { runLog } = open();
  expect(withStream(runLog, {})).toBe(runLog);
});
