import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRunRecorder, DEADLINE_MS, type RunDraft } from '../../../src/core/runs/run-recorder';
import type { LostRuns } from '../../../src/core/runs/lost-runs';
import type { RunLog, StoredRun } from '../../../src/core/runs/run-log';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { record as recordOf } from '../../support/runs';

const run = (n: number): StoredRun => toStoredRun(recordOf('ep_1', { id: `run_${n}` }));
/** Three batches of these wait, a fourth is too many. */
const largeRun = (n: number): StoredRun => ({ ...run(n), detail: DETAIL });
const DETAIL = 'x'.repeat(20_000);
const idsOf = (runs: readonly StoredRun[]): string[] => runs.map(({ entry }) => entry.id);

/** A recorder whose time passes when the test says so; `waits` has every wait that it asked for, in milliseconds. */
const REFUSING = { put: () => Promise.reject(new Error('no R2')) };

function setUp(append?: RunLog['append'], lostRuns: Pick<LostRuns, 'put'> = REFUSING) {
  const sent: string[][] = [];
  const timers: (() => void)[] = [];
  const waits: number[] = [];
  /** Turns of the event loop that it asked for. */
  const turns: unknown[] = [];
  const deadlines: (() => void)[] = [];
  const deferred: Promise<unknown>[] = [];
  const recorder = createRunRecorder(
    { append: append ?? (async (runs) => void sent.push(idsOf(runs))) },
    lostRuns,
    500,
    (ms) => {
      if (ms === DEADLINE_MS) return new Promise((resolve) => deadlines.push(resolve));
      if (ms === 0) return new Promise((resolve) => turns.push(setTimeout(resolve, 0)));
      waits.push(ms);
      return new Promise((resolve) => timers.push(resolve));
    },
  );
  return {
    sent,
    timers,
    waits,
    turns,
    deferred,
    record: (n: number, now = 0, make: RunDraft = () => run(n), size = 0) =>
      recorder.record({ make, size }, now, (work) => void deferred.push(work)),
    /** Lets time pass until nothing is left to be done. */
    pass: async () => {
      let settled = false;
      const all = Promise.all(deferred.splice(0)).finally(() => (settled = true));
      while (!settled) {
        const due = timers.splice(0);
        for (const timer of due.length > 0 ? due : deadlines.splice(0)) timer();
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      await all;
    },
  };
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
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

test('four hundred leave at once, and none is sent twice', async () => {
  const { record, sent, pass } = setUp();
  for (let n = 0; n < 1000; n++) record(n);
  await pass();
  expect(sent.map((batch) => batch.length).toSorted((a, b) => b - a)).toEqual([400, 400, 200]);
  expect(new Set(sent.flat()).size).toBe(1000);
});

test('fewer leave at once when they hold 1.6 MB', async () => {
  const { record, sent, pass } = setUp();
  for (let n = 0; n < 7; n++) record(n, 0, () => run(n), 600_000);
  await pass();
  expect(sent.map((batch) => batch.length).toSorted((a, b) => b - a)).toEqual([3, 3, 1]);
});

test('records are made when they leave, not while a caller waits', async () => {
  const { record, sent, pass } = setUp();
  let made = 0;
  record(1, 0, () => (made++, run(1)));
  expect(made).toBe(0);
  await pass();
  expect([made, sent.length]).toEqual([1, 1]);
});

test('the records of a batch are made in turns, of 50 each', async () => {
  const { record, sent, turns, pass } = setUp();
  const made: number[] = [];
  for (let n = 0; n < 400; n++) record(n, 0, () => (made.push(turns.length), run(n)));
  await pass();
  expect(sent).toEqual([Array.from({ length: 400 }, (_, n) => `run_${n}`)]);
  expect([...Map.groupBy(made, (turn) => turn).values()].map(({ length }) => length)).toEqual(Array(8).fill(50));
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

test('a clock that is set back holds no buffer whose timer died', async () => {
  const { record, sent, timers, deferred, pass } = setUp();
  record(1, 3_600_000);
  timers.length = deferred.length = 0;
  record(2, 0);
  expect(timers).toHaveLength(1);
  await pass();
  expect(sent).toEqual([['run_1', 'run_2']]);
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

test('a broken run log reaches no caller, and what is lost is counted', async () => {
  const { record, pass } = setUp(() => Promise.reject(new Error('the run log is full')));
  record(1);
  record(2);
  await expect(pass()).resolves.toBeUndefined();
  record(3);
  await pass();
  expect(console.error).toHaveBeenLastCalledWith(expect.stringContaining('"lostSinceStart":3'));
});

test('a recovered run log gets the rejected records once, with newer ones', async () => {
  const taken: string[][] = [];
  let broken = true;
  const { record, pass, timers, waits } = setUp(async (runs) => {
    if (broken) throw new Error('try again');
    taken.push(idsOf(runs));
  });
  let made = 0;
  record(1, 0, () => (made++, run(1)));
  for (const timer of timers.splice(0)) timer();
  await vi.waitFor(() => expect(timers).toHaveLength(1), { timeout: 20_000 });
  broken = false;
  record(2);
  await pass();
  expect(taken.map(String).toSorted()).toEqual(['run_1', 'run_2']);
  expect([made, waits]).toEqual([1, [500, 1000, 500]]);
  expect(console.warn).toHaveBeenCalledTimes(1);
  expect(console.warn).toHaveBeenCalledWith(
    expect.stringContaining('"message":"run records not stored, retrying","count":1'),
  );
  expect(console.error).not.toHaveBeenCalled();
});

test('a run log that never recovers is tried five times, within the 30 s that the platform allows after an answer', async () => {
  let tries = 0;
  const { record, pass, waits } = setUp(async () => {
    tries++;
    throw new Error('down');
  });
  record(1);
  record(2);
  await pass();
  expect(tries).toBe(5);
  expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(20_000);
  expect(console.error).toHaveBeenCalledTimes(1);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('"count":2,"lostSinceStart":2'));
});

test('30 MB of records wait at most: the oldest are dropped first, counted, and sent no more', async () => {
  const tried: string[] = [];
  let broken = true;
  const { record, pass, timers } = setUp(async (runs) => {
    tried.push(idsOf(runs)[0]!);
    if (broken) throw new Error('down');
  });
  for (let n = 0; n < 2000; n++) record(n, 0, () => largeRun(n));
  for (const timer of timers.splice(0)) timer();
  await vi.waitFor(() => expect(tried).toHaveLength(5), { timeout: 20_000 });
  await vi.waitFor(() => expect(console.error).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  expect(console.error).toHaveBeenLastCalledWith(expect.stringContaining('"count":400,"lostSinceStart":800'));
  broken = false;
  await pass();
  expect(tried.slice(5)).toEqual(['run_800', 'run_1200', 'run_1600']);
});

test('a batch that was rejected five times is set aside once, and is not lost', async () => {
  const aside: string[][] = [];
  const put = async (runs: readonly StoredRun[]): Promise<void> => void aside.push(idsOf(runs));
  const { record, pass } = setUp(() => Promise.reject(new Error('down')), { put });
  record(1);
  record(2);
  await pass();
  expect(aside).toEqual([['run_1', 'run_2']]);
  expect(console.error).toHaveBeenCalledTimes(1);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('"event":"run_record.set_aside"'));
});

test('of more than 30 MB that wait, the oldest are set aside at once; every run is in exactly one place', async () => {
  const aside: string[] = [];
  const taken: string[] = [];
  let broken = true;
  const { record, pass, timers } = setUp(
    async (runs) => {
      if (broken) throw new Error('down');
      taken.push(...idsOf(runs));
    },
    { put: async (runs) => void aside.push(...idsOf(runs)) },
  );
  for (let n = 0; n < 2000; n++) record(n, 0, () => largeRun(n));
  for (const timer of timers.splice(0)) timer();
  await vi.waitFor(() => expect(aside).toHaveLength(800), { timeout: 20_000 });
  broken = false;
  await pass();
  expect([...aside, ...taken].toSorted()).toEqual(Array.from({ length: 2000 }, (_, n) => `run_${n}`).toSorted());
});

test('a batch is set aside when the run log does not answer', async () => {
  const aside: string[] = [];
  const { record, pass, waits } = setUp(() => new Promise(() => undefined), {
    put: async (runs) => void aside.push(...idsOf(runs)),
  });
  record(1);
  await pass();
  expect([aside, waits.slice(0, 1)]).toEqual([['run_1'], [500]]);
});
