import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRunRecorder } from '../../../src/core/run/run-recorder';
import type { RunRow } from '../../../src/storage/runs';

const row = (n: number): RunRow => ({ id: `run_${n}` }) as RunRow;

/** A recorder whose half second passes when the test says so. */
function setUp(send?: (rows: string[]) => Promise<void>) {
  const sent: string[][] = [];
  const timers: (() => void)[] = [];
  const deferred: Promise<unknown>[] = [];
  const recorder = createRunRecorder(
    { send: send ?? (async (rows) => void sent.push(rows.map((text) => (JSON.parse(text) as RunRow).id))) },
    500,
    () => new Promise((resolve) => timers.push(resolve)),
  );
  return {
    sent,
    timers,
    deferred,
    record: (n: number, now = 0, draft = () => row(n)) =>
      recorder.record(draft, now, (work) => void deferred.push(work)),
    pass: async () => {
      for (const timer of timers.splice(0)) timer();
      await Promise.all(deferred.splice(0));
    },
  };
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

test('records of half a second leave as one batch, under waitUntil of the first', async () => {
  const { record, sent, timers, deferred, pass } = setUp();
  for (let n = 1; n <= 5; n++) record(n, n);
  expect([timers.length, deferred.length, sent.length]).toEqual([1, 1, 0]);
  await pass();
  expect(sent).toEqual([['run_1', 'run_2', 'run_3', 'run_4', 'run_5']]);
  record(6);
  await pass();
  expect(sent[1]).toEqual(['run_6']);
});

test('a hundred leave at once, and none is sent twice', async () => {
  const { record, sent, pass } = setUp();
  for (let n = 0; n < 250; n++) record(n);
  await pass();
  expect(sent.map((batch) => batch.length)).toEqual([100, 100, 50]);
  expect(new Set(sent.flat()).size).toBe(250);
});

test('records are made when they leave, not while a caller waits', async () => {
  const { record, sent, pass } = setUp();
  let made = 0;
  record(1, 0, () => (made++, row(1)));
  expect(made).toBe(0);
  await pass();
  expect([made, sent.length]).toEqual([1, 1]);
});

test('a clock that died with its request is replaced by the next record', async () => {
  const { record, sent, timers, deferred, pass } = setUp();
  record(1, 0);
  timers.length = deferred.length = 0;
  record(2, 400);
  expect(timers).toHaveLength(0);
  record(3, 1001);
  expect(timers).toHaveLength(1);
  await pass();
  expect(sent).toEqual([['run_1', 'run_2', 'run_3']]);
});

test('a record that cannot be made is counted and takes no other with it', async () => {
  const { record, sent, pass } = setUp();
  record(1);
  record(2, 0, () => {
    throw new Error('cyclic');
  });
  record(3);
  await pass();
  expect(sent).toEqual([['run_1', 'run_3']]);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('"count":1'));
});

test('a broken queue reaches no caller, and what is lost is counted', async () => {
  const { record, pass } = setUp(() => Promise.reject(new Error('the queue is full')));
  record(1);
  record(2);
  await expect(pass()).resolves.toBeUndefined();
  record(3);
  await pass();
  expect(console.error).toHaveBeenLastCalledWith(expect.stringContaining('"lostSinceStart":3'));
});
