import { expect, test } from 'vitest';
import { createRefusalRecorder } from '../../../src/core/runs/count-refusals';
import { createRunRecorder } from '../../../src/core/runs/run-recorder';
import type { StoredRun } from '../../../src/core/runs/run-log';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { record as recordOf } from '../../support/runs';
import { noWaits } from '../../support/no-waits';

/** A recorder of refusals whose timers fire when the test says so; `stored` has the id and the calls of each record. */
function setUp() {
  const stored: [string, number][] = [];
  const timers: (() => void)[] = [];
  const deferred: Promise<unknown>[] = [];
  const runLog = {
    append: async (runs: readonly StoredRun[]): Promise<void> =>
      void stored.push(...runs.map(({ entry }): [string, number] => [entry.id, entry.calls])),
  };
  const recorder = createRunRecorder(runLog, { put: () => Promise.reject(new Error()) }, 0, noWaits);
  const refusals = createRefusalRecorder(recorder, () => new Promise((resolve) => timers.push(resolve)));
  return {
    timers,
    refuse: (group: string, n: number, now: number) =>
      refusals.record(
        group,
        () => ({ make: () => toStoredRun(recordOf('ep_1', { id: `run_${n}` })), size: 100 }),
        now,
        (work) => void deferred.push(work),
      ),
    /** Ends the windows that have a timer, and returns what is stored. */
    pass: async () => {
      for (const timer of timers.splice(0)) timer();
      while (deferred.length > 0) await deferred.shift();
      return stored.splice(0);
    },
    settle: async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return stored.splice(0);
    },
  };
}
const alone = (from: number, to: number): [string, number][] =>
  Array.from({ length: to - from }, (_, n) => [`run_${from + n}`, 1]);

test('the first 20 of 10 s are records; all others become one, with their number', async () => {
  const { refuse, pass } = setUp();
  for (let n = 0; n < 5000; n++) refuse('ep 192.0.2.1 invalid_key', n, n);
  expect(await pass()).toEqual([...alone(0, 20), ['run_20', 4980]]);
});

test('groups are counted apart, and a new window begins after 10 s', async () => {
  const { refuse, pass } = setUp();
  for (let n = 0; n < 25; n++) refuse('a', n, 0);
  for (let n = 100; n < 110; n++) refuse('b', n, 9999);
  for (let n = 200; n < 220; n++) refuse('a', n, 10_000);
  const found = await pass();
  expect(found.filter(([, calls]) => calls > 1)).toEqual([['run_20', 5]]);
  expect(found.reduce((sum, [, calls]) => sum + calls, 0)).toBe(55);
});

test('a window whose timer was canceled with its request ends with the next refusal, of any group', async () => {
  const { refuse, settle, timers } = setUp();
  for (let n = 0; n < 22; n++) refuse('a', n, 0);
  timers.length = 0;
  expect(await settle()).toEqual(alone(0, 20));
  refuse('b', 99, 10_000);
  expect((await settle()).toSorted()).toEqual([
    ['run_20', 2],
    ['run_99', 1],
  ]);
});

test('a window ends when the clock is set back', async () => {
  const { refuse, settle, timers } = setUp();
  for (let n = 0; n < 22; n++) refuse('a', n, 3_600_000);
  timers.length = 0;
  expect(await settle()).toEqual(alone(0, 20));
  refuse('b', 98, 1000);
  refuse('a', 99, 1001);
  expect((await settle()).toSorted()).toEqual([
    ['run_20', 2],
    ['run_98', 1],
    ['run_99', 1],
  ]);
});

test('1,000 windows are kept at most: the oldest ends early, and no refusal is lost', async () => {
  const { refuse, pass } = setUp();
  let sent = 0;
  for (let group = 0; group < 1500; group++) for (let n = 0; n < 22; n++) refuse(`${group}`, sent++, 0);
  const found = await pass();
  expect(found.reduce((sum, [, calls]) => sum + calls, 0)).toBe(sent);
  expect(found).toHaveLength(1500 * 21);
});
