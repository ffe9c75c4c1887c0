import { describe, expect, test } from 'vitest';
import type { InstancePlan, Outcome } from '../../src/runtime/types';
import { call, publish, runOf } from '../support/publish';
import { bundleOf, invoke, type Runnable } from './runner.contract';

/** Time limits, longer and longer: on a busy machine, the start of an isolate can outlast a short one. */
const LIMITS_MS = [300, 2000, 10_000];

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
    let texts: string[] = [];
    for (const [index, limitMs] of LIMITS_MS.entries()) {
      const outcome = await invoke(bundle, plan, { run: `run_slow_${index}` }, limitMs);
      expect(outcome.kind).toBe('timeout');
      texts = await textsOf(outcome);
      if (texts.length > 0) break;
    }
    expect(texts).toEqual(['before']);
  });
});

test('each of several calls leaves its own log, once', async () => {
  const source = `export default async ({ n }) => { console.log('call', n); await new Promise((r) => setTimeout(r, n === 3 ? 0 : 60_000)); return n }`;
  const bundle = await bundleOf('javascript', source);
  const callWith = (n: number, limitMs?: number): Promise<Outcome> =>
    invoke(bundle, { mode: 'pooled' }, { run: `run_${n}`, params: { n } }, limitMs);
  // The isolate runs before the calls that have little time.
  await callWith(3);
  const [one, two, three] = await Promise.all([callWith(1, 500), callWith(2, 500), callWith(3)]);
  expect([one.kind, two.kind, three.kind]).toEqual(['timeout', 'timeout', 'text']);
  expect([await textsOf(one), await textsOf(two), await textsOf(three)]).toEqual([['call 1'], ['call 2'], ['call 3']]);
  expect(await textsOf(one)).toEqual([]);
});

test('a call that waits for a promise that cannot settle ends at once, with its log', async () => {
  const bundle = await bundleOf(
    'javascript',
    `export default () => { console.log('stuck'); return new Promise(() => {}) }`,
  );
  const outcome = await invoke(bundle, { mode: 'pooled' });
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
    const wait = (ms: number, signal?: AbortSignal): Promise<Response> =>
      call(`/u/${endpoint.path}?ms=${ms}`, { method: 'POST', ...(signal && { signal }) });
    // The isolate runs before the calls that must end in time.
    await wait(0);
    return wait;
  };

  test('is that of its endpoint, among calls of others', async () => {
    const [short, long] = [await publishWait(500), await publishWait(1000)];
    const responses = await Promise.all([short(0), short(60_000), long(60_000), long(0), long(60_000)]);
    expect(responses.map(({ status }) => status)).toEqual([200, 504, 504, 200, 504]);
    const runs = await Promise.all(responses.map((response) => runOf(response)));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['success', 'timeout', 'timeout', 'success', 'timeout']);
    expect(runs[1]!.durationMs).toBeGreaterThanOrEqual(500);
    expect(runs[2]!.durationMs).toBeGreaterThanOrEqual(1000);
  });

  test('holds for a call that began beside one whose caller has left', async () => {
    const wait = await publishWait(500);
    const leaving = new AbortController();
    const left = wait(60_000, leaving.signal);
    const staying = wait(60_000);
    leaving.abort();
    await expect(left).rejects.toThrow();
    expect((await staying).status).toBe(504);
    expect((await wait(0)).status).toBe(200);
  });
});
