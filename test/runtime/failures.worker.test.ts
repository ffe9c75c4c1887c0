import { expect, test } from 'vitest';
import { bundleOf, invoke, settled } from './runner.contract';

/** A promise that fails in the moment of the answer, in calls that ask for it. */
const SOURCE = `export default ({ n, fail }) => { if (fail) Promise.reject(new Error('lost ' + n)); return n }`;

test('an isolate that missed a failure once waits for those of its later calls', async () => {
  const bundle = await bundleOf('javascript', SOURCE);
  const logsOf = async (n: number, fail: boolean): Promise<string[]> => {
    const { text, report } = await settled(await invoke(bundle, { mode: 'pooled' }, { params: { n, fail } }));
    expect(text).toBe(String(n));
    return report.logs.map(([, , message]) => message.split('\n')[0]!);
  };
  const line = (n: number): string => `Unhandled promise rejection: Error: lost ${n}`;
  // The first call waits, as it has to wait for its isolate; the second does not, and misses what fails.
  expect(await logsOf(1, true)).toEqual([line(1)]);
  expect(await logsOf(2, true)).toEqual([]);
  expect(await logsOf(3, true)).toEqual([line(3)]);
  expect(await logsOf(4, false)).toEqual([]);
});

test('failures are in the log of the call that they belong to', async () => {
  const source = `export default async ({ n }) => { const failing = (async () => { await new Promise((r) => setTimeout(r, 5 * n)); throw new Error('lost ' + n) })();
    await new Promise((r) => setTimeout(r, 60)); return n }`;
  const bundle = await bundleOf('javascript', source);
  const calls = [1, 2, 3].map((n) => invoke(bundle, { mode: 'pooled' }, { params: { n }, run: `run_${n}` }));
  const reports = await Promise.all(calls);
  expect(reports.map(({ report }) => report.logs.map(([, , text]) => /lost \d/.exec(text)?.[0]))).toEqual([
    ['lost 1'],
    ['lost 2'],
    ['lost 3'],
  ]);
});
