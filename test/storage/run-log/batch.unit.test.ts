import { expect, test, vi } from 'vitest';
import { packInTurns, packRuns, unpackRuns } from '../../../src/storage/run-log/batch';
import type { StoredRun } from '../../../src/core/runs/run-log';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { record } from '../../support/runs';

/** Runs whose details have so many characters each, hardly to be compressed. */
const runsOf = (count: number, chars: number): StoredRun[] =>
  Array.from({ length: count }, (_, n) => ({
    ...toStoredRun(record('ep_1', { id: `run_${n}`, startedAt: 1_000_000 + n })),
    detail: JSON.stringify(Array.from({ length: chars / 20 }, () => Math.random())).slice(0, chars),
  }));

test.each([
  ['no runs', 0, 0],
  ['one', 1, 100],
  ['as many as one turn packs', 53, 1200],
  ['a whole batch', 400, 1200],
  ['one that is longer than a turn', 1, 99_000],
  ['long ones', 40, 20_000],
])('%s come back from their batches, packed in one turn or in several', async (_name, count, chars) => {
  const runs = runsOf(count, chars);
  for (const batches of [packRuns(runs), await packInTurns(runs)]) {
    expect(batches.flatMap(unpackRuns)).toEqual(runs);
    expect(batches.flatMap(({ ids }) => [...ids])).toHaveLength(count);
    for (const { details } of batches) expect(details.byteLength).toBeLessThan(1_000_000);
  }
});

test('a batch has the details of 600,000 characters, or one run', () => {
  expect(packRuns(runsOf(400, 1200)).map(({ ids }) => ids.length)).toEqual([400]);
  expect(packRuns(runsOf(10, 99_000)).map(({ ids }) => ids.length)).toEqual([6, 4]);
});

test('a large batch is packed in several turns of the event loop, a small one in one', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const turnsOf = async (runs: StoredRun[]): Promise<number> => {
    timers.mockClear();
    await packInTurns(runs);
    return timers.mock.calls.length;
  };
  expect(await turnsOf(runsOf(50, 1200))).toBe(0);
  expect(await turnsOf(runsOf(400, 1200))).toBe(8);
  vi.restoreAllMocks();
});

test('what is deflated in parts is one deflated text, hardly longer', async () => {
  const runs = runsOf(400, 1200).map((run) => ({ ...run, detail: run.detail.slice(0, 100).repeat(12) }));
  const [batch] = await packInTurns(runs);
  const least = packRuns(runs.slice(0, 50))[0]!.details.byteLength * 8;
  expect(batch!.details.byteLength).toBeLessThan(least * 1.02);
});
