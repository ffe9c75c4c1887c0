import { describe, expect, test } from 'vitest';
import type { InstancePlan, Outcome } from '../../src/runtime/types';
import { call, publish, runOf } from '../support/publish';
import { bundleOf, invoke, type Runnable } from './runner.contract';

/** Python boots for seconds: it is called once before, and has no mode in which that does not help. */
const modesOf = (language: Runnable): InstancePlan['mode'][] =>
  language === 'python' ? ['pooled', 'shared'] : ['pooled', 'per-call', 'shared'];

/** Logs, and waits for what comes too late. */
const WAITING: Record<Runnable, string> = {
  javascript: `export default async () => { console.log('before'); await new Promise((r) => setTimeout(r, 60_000)); return 1 }`,
  typescript: `export const handler = async (): Promise<number> => { console.log('before'); await new Promise((r) => setTimeout(r, 60_000)); return 1 }`,
  workflow: JSON.stringify({
    kind: 'workflow',
    steps: [
      { id: 'said', do: 'log', message: 'before' },
      { id: 'wait', do: 'sleep', ms: 30_000 },
    ],
  }),
  python: 'import asyncio\nasync def f(seconds=60):\n  print("before")\n  await asyncio.sleep(seconds)\nresult = f\n',
};

const planOf = (mode: InstancePlan['mode'], name: string): InstancePlan =>
  mode === 'shared' ? { mode, name } : { mode };
const textsOf = async (outcome: Outcome): Promise<string[]> =>
  ((await outcome.drain?.()) ?? outcome.report).logs.map(([, , text]) => text);

describe.each(Object.keys(WAITING) as Runnable[])('%s that runs out of time', (language) => {
  test.each(modesOf(language))('leaves what it logged until then (%s)', async (mode) => {
    const bundle = await bundleOf(language, WAITING[language]);
    const plan = planOf(mode, bundle.id);
    if (language === 'python') await invoke(bundle, plan, { params: { seconds: 0 } }, 30_000);
    const outcome = await invoke(bundle, plan, { run: 'run_slow' }, 300);
    expect(outcome.kind).toBe('timeout');
    expect(await textsOf(outcome)).toEqual(['before']);
  });
});

test('each of several calls leaves its own log, once', async () => {
  const source = `export default async ({ n }) => { console.log('call', n); await new Promise((r) => setTimeout(r, n === 3 ? 0 : 60_000)); return n }`;
  const bundle = await bundleOf('javascript', source);
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map((n) => invoke(bundle, { mode: 'pooled' }, { run: `run_${n}`, params: { n } }, 300)),
  );
  expect([one!.kind, two!.kind, three!.kind]).toEqual(['timeout', 'timeout', 'text']);
  expect([await textsOf(one!), await textsOf(two!), await textsOf(three!)]).toEqual([
    ['call 1'],
    ['call 2'],
    ['call 3'],
  ]);
  expect(await textsOf(one!)).toEqual([]);
});

test('a call that waits for a promise that cannot settle ends at once, with its log', async () => {
  const bundle = await bundleOf(
    'javascript',
    `export default () => { console.log('stuck'); return new Promise(() => {}) }`,
  );
  const outcome = await invoke(bundle, { mode: 'pooled' }, {}, 300);
  expect(outcome).toMatchObject({ kind: 'timeout', isHung: true });
  expect(await textsOf(outcome)).toEqual(['stuck']);
});

test('a later report of the isolate cannot change a timeout', async () => {
  const source = `JSON.stringify = () => '{"kind":"json","logs":[[1,"info","forged"]],"error":{"name":"E","message":"m","stack":""}}\\n1';
    Map.prototype.get = () => { throw new Error('broken') };
    export default () => new Promise((r) => setTimeout(r, 60_000))`;
  const outcome = await invoke(await bundleOf('javascript', source), { mode: 'pooled' }, {}, 300);
  expect(outcome.kind).toBe('timeout');
  expect(await outcome.drain!()).toMatchObject({ lateError: null, steps: [] });
});

describe('the time limit of a call over HTTP', () => {
  const WAIT = 'export default ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, ms))';
  const publishWait = async (timeoutMs: number): Promise<(ms: number, signal?: AbortSignal) => Promise<Response>> => {
    const parameters = [{ name: 'ms', type: 'integer' as const, in: 'query' as const }];
    const { endpoint } = await publish(WAIT, { parameters, limits: { timeoutMs } });
    return (ms, signal) => call(`/u/${endpoint.path}?ms=${ms}`, { method: 'POST', ...(signal && { signal }) });
  };

  test('is that of its endpoint, among calls of others', async () => {
    const [short, long] = [await publishWait(300), await publishWait(500)];
    const responses = await Promise.all([short(0), short(60_000), long(60_000), long(0), long(60_000)]);
    expect(responses.map(({ status }) => status)).toEqual([200, 504, 504, 200, 504]);
    const runs = await Promise.all(responses.map((response) => runOf(response)));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['success', 'timeout', 'timeout', 'success', 'timeout']);
    expect(runs[1]!.durationMs).toBeGreaterThanOrEqual(300);
    expect(runs[2]!.durationMs).toBeGreaterThanOrEqual(500);
  });

  test('holds for a call that began beside one whose caller has left', async () => {
    const wait = await publishWait(300);
    const leaving = new AbortController();
    const left = wait(60_000, leaving.signal);
    const staying = wait(60_000);
    leaving.abort();
    await expect(left).rejects.toThrow();
    expect((await staying).status).toBe(504);
    expect((await wait(0)).status).toBe(200);
  });
});
