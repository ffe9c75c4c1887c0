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

test.each<[string, string, object]>([
  [
    'a Response that has been read',
    "const r = new Response('text'); await r.text(); return r",
    { kind: 'bad', reason: expect.stringMatching(/^the body of the Response has been read already/) },
  ],
  [
    'a Response with a reader',
    "const r = new Response(new Blob(['text'])); r.body.getReader(); return r",
    { kind: 'bad', reason: expect.stringMatching(/^the body of the Response has been read already/) },
  ],
  [
    'a stream with a reader',
    "const { body } = new Response('text'); body.getReader(); return body",
    { kind: 'bad', reason: 'the ReadableStream is being read already' },
  ],
  [
    'a Response of a class that throws',
    "return new (class extends Response { get headers() { throw new Error('mine') } })(new Blob(['text']))",
    { kind: 'failed', error: { name: 'Error', message: 'mine', stack: expect.stringContaining('handler.js:1') } },
  ],
  [
    'an error with a step of its own',
    "throw Object.assign(new Error('no'), { step: 'checkout' })",
    { kind: 'failed', error: { name: 'Error', message: 'no', stack: expect.stringContaining('{"step":"checkout"}') } },
  ],
])('%s ends a call with its log', async (_name, body, expected) => {
  const bundle = await bundleOf('javascript', `export default async () => { console.log('begun'); ${body} }`);
  const { outcome, report } = await settled(await invoke(bundle, { mode: 'pooled' }));
  expect(outcome).toMatchObject(expected);
  if (outcome.kind === 'failed') expect(outcome.error.step).toBeUndefined();
  expect(report.logs.map(([, , text]) => text)).toEqual(['begun']);
});
