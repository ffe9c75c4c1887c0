import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import type { Bundle, InstancePlan, Outcome } from '../../src/runtime/types';
import { unique } from '../support/publish';
import { bundleOf, invoke, runtime, settled, type TestCall } from './runner.contract';

const COUNTER = (version: number, extra = ''): string => `let n = 0;
  export default async ({ ms }, ctx) => {
    const stored = ((await ctx.storage.get('stored')) ?? 0) + 1; await ctx.storage.put('stored', stored);
    ${extra} n += 1; if (ms) await new Promise((r) => setTimeout(r, ms)); return { v: ${version}, n, stored } }`;

const text = async (outcome: Promise<Outcome>): Promise<string> => {
  const done = await settled(await outcome);
  return done.outcome.kind === 'text' ? done.text : done.outcome.kind;
};
const open = (): {
  plan: InstancePlan & { mode: 'shared' };
  call: (bundle: Bundle, options?: TestCall) => Promise<string>;
} => {
  const plan = { mode: 'shared' as const, name: unique('shared') };
  return { plan, call: (bundle, options) => text(invoke(bundle, plan, options, 20_000)) };
};

const BEGUN = "console.log('begun');";
/** Waits until a call of code with BEGUN is in its handler. */
const untilBegun = ({ name }: { name: string }): Promise<boolean> =>
  vi.waitUntil(async () => (await env.INSTANCE.getByName(name).peek('run_test')).includes('begun'), {
    timeout: 20_000,
  });

test('module state and storage last from call to call', async () => {
  const { call } = open();
  const one = await bundleOf('javascript', COUNTER(1));
  expect([await call(one), await call(one)]).toEqual(['{"v":1,"n":1,"stored":1}', '{"v":1,"n":2,"stored":2}']);
});

test('a call that runs when its instance is discarded ends as replaced, and has no report', async () => {
  const { call, plan } = open();
  const one = await bundleOf('javascript', `export default () => new Promise((r) => setTimeout(r, 60_000))`);
  const running = invoke(one, plan, {}, 20_000);
  await vi.waitUntil(
    () => runInDurableObject(env.INSTANCE.getByName(plan.name), (_, { storage }) => storage.kv.get('code')),
    { timeout: 20_000 },
  );
  await runtime.discard(plan.name);
  expect(await running).toMatchObject({ kind: 'replaced' });
  expect(await env.INSTANCE.getByName(plan.name).drain('run_test', 0)).toBe('{}');
  expect(await call(await bundleOf('javascript', 'export default () => 1'))).toBe('1');
});

test('a newer version starts afresh and keeps the storage; an older one never comes back', async () => {
  const { call } = open();
  const one = await bundleOf('javascript', COUNTER(1), [1, 1]);
  const two = await bundleOf('javascript', COUNTER(2), [1, 2]);
  await call(one);
  expect(await call(two)).toBe('{"v":2,"n":1,"stored":2}');
  // A colo whose definition is a few seconds old still asks for the old version.
  expect(await call(one)).toBe('{"v":2,"n":2,"stored":3}');
});

test('a roll back is a newer definition with an older source', async () => {
  const { call } = open();
  const source = COUNTER(1);
  await call(await bundleOf('javascript', source, [1, 1]));
  await call(await bundleOf('javascript', COUNTER(2), [1, 2]));
  expect(await call(await bundleOf('javascript', source, [1, 3]))).toBe('{"v":1,"n":1,"stored":3}');
});

test('a database that went back in time decides by the later read', async () => {
  const { call, plan } = open();
  const reader = (version: number, revision: number, asOf: number) =>
    bundleOf('javascript', COUNTER(version), [1, revision], asOf);
  const bad = await reader(2, 2, 10_000);
  await call(bad);
  // Another isolate confirms the version, until it reads the restored database.
  await call({ ...bad, asOf: 14_000 });
  const restored = await reader(1, 1, 14_900);
  expect(await call(restored)).toMatch(/"v":2/);
  expect(await call({ ...restored, asOf: 15_001 })).toMatch(/"v":1/);
  // An isolate that cannot reach the database asks for what it had.
  expect(await call({ ...bad, asOf: 13_000 })).toMatch(/"v":1/);
  await evictDurableObject(env.INSTANCE.getByName(plan.name));
  expect(await call({ ...bad, asOf: 13_000 })).toMatch(/"v":1/);
  // Another version has the number and the revision of the bad one.
  expect(await call(await reader(3, 2, 15_500))).toMatch(/"v":3/);
  expect(await call({ ...restored, asOf: 15_200 })).toMatch(/"v":3/);
});

test('a call in flight ends on its own version, and the next one waits for that', async () => {
  const { call, plan } = open();
  const one = await bundleOf('javascript', COUNTER(1, BEGUN), [1, 1]);
  const two = await bundleOf('javascript', COUNTER(2), [1, 2]);
  await call(one);
  const slow = call(one, { params: { ms: 300 } });
  await untilBegun(plan);
  const versions = (await Promise.all([slow, call(two), call(two)])).map(
    (answer) => (JSON.parse(answer) as { v: number }).v,
  );
  expect(versions).toEqual([1, 2, 2]);
});

test('a call that outlasts the drain is ended with an error', async () => {
  const { call, plan } = open();
  const one = await bundleOf('javascript', COUNTER(1, BEGUN), [1, 1]);
  const two = await bundleOf('javascript', COUNTER(2), [1, 2]);
  await call(one);
  const stuck = call(one, { params: { ms: 60_000 } });
  await untilBegun(plan);
  expect(await call(two)).toBe('{"v":2,"n":1,"stored":3}');
  expect(await stuck).toBe('replaced');
});

test('the running version outlives an eviction of its supervisor', async () => {
  const { call, plan } = open();
  const one = await bundleOf('javascript', COUNTER(1), [1, 1]);
  const two = await bundleOf('javascript', COUNTER(2), [1, 2]);
  await call(one);
  await call(two);
  await evictDurableObject(env.INSTANCE.getByName(plan.name));
  expect(await call(one)).toMatch(/"v":2/);
  await evictDurableObject(env.INSTANCE.getByName(plan.name));
  expect(await call(await bundleOf('javascript', COUNTER(3), [2, 1]))).toMatch(/"v":3,"n":1/);
});

test('two calls at once share one instance', async () => {
  const { call } = open();
  const one = await bundleOf(
    'javascript',
    'let n = 0; export default async () => { n += 1; while (n < 2) await scheduler.wait(5); return n }',
  );
  expect(await Promise.all([call(one), call(one)])).toEqual(['2', '2']);
});

test('a handler that fails to start reports the reason and is replaced by the next version', async () => {
  const { call, plan } = open();
  const broken = await bundleOf('javascript', 'throw new Error("no start"); export default () => 1', [1, 1]);
  const outcome = await invoke(broken, plan);
  expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'no start' } });
  expect(await call(await bundleOf('javascript', COUNTER(2), [1, 2]))).toBe('{"v":2,"n":1,"stored":1}');
});

test('work after the answer is reported, and a version change waits for it', async () => {
  const { call, plan } = open();
  const late = `ctx.waitUntil(new Promise((r) => setTimeout(r, 200)).then(() => console.log('late')));`;
  const one = await bundleOf('javascript', COUNTER(1, late), [1, 1]);
  const outcome = await invoke(one, plan);
  const report = outcome.drain!();
  const next = call(await bundleOf('javascript', COUNTER(2), [1, 2]));
  expect((await report).logs.map(([, , message]) => message)).toEqual(['late']);
  expect(await next).toMatch(/"v":2/);
});

test('a source of 1 MB with characters beyond Latin-1 is kept', async () => {
  const { call, plan } = open();
  const long = await bundleOf('javascript', COUNTER(1, `/* ${'x'.repeat(1_000_000)}ł */`));
  expect(await call(long)).toMatch(/"n":1/);
  const stub = env.INSTANCE.getByName(plan.name);
  const bytes = await runInDurableObject(stub, (_, { storage }) => storage.kv.get<Uint8Array>('code')!.length);
  expect(bytes).toBeLessThan(1_100_000);
  await evictDurableObject(stub);
  expect(await call(long)).toMatch(/"stored":2/);
});

test('code that JSON writes with more than 2 MB is kept', async () => {
  const { call, plan } = open();
  const { plan: other, call: callOther } = open();
  const long = await bundleOf('javascript', COUNTER(2, `/* ${'\u0001'.repeat(900_000)} */`), [1, 2]);
  expect(await call(long)).toMatch(/"v":2/);
  await evictDurableObject(env.INSTANCE.getByName(plan.name));
  expect(await call(long)).toMatch(/"stored":2/);
  await callOther(await bundleOf('javascript', COUNTER(1), [1, 1]));
  expect(await callOther(long)).toMatch(/"v":2/);
  expect(await callOther(await bundleOf('javascript', COUNTER(3), [1, 3]))).toMatch(/"v":3/);
  const stub = env.INSTANCE.getByName(other.name);
  const parts = await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()].map(([key]) => key));
  expect(parts).toEqual(['code']);
});

test('a stream in progress has the time of a call to end when its version is replaced', async () => {
  const { call, plan } = open();
  const source = `export const handler = (r, ctx) => { console.log('begun'); let n = 0;
    return new Response(new ReadableStream({ async pull(c) { await new Promise((r) => setTimeout(r, 50));
      if (++n > 6) c.close(); else c.enqueue(new TextEncoder().encode('x')) } })) }`;
  const outcome = await invoke(await bundleOf('javascript', source, [1, 1]), plan);
  if (outcome.kind !== 'response') throw new Error(outcome.kind);
  const body = outcome.response.text();
  const next = call(await bundleOf('javascript', COUNTER(2), [1, 2]));
  expect(await body).toBe('xxxxxx');
  expect((await outcome.drain!()).logs.map(([, , line]) => line)).toEqual(['begun']);
  expect(await next).toMatch(/"v":2/);
});

test('logs of a call are kept when its version is replaced before its report is fetched', async () => {
  const { call, plan } = open();
  const source = `export default (p, ctx) => { console.log('said'); ctx.waitUntil(Promise.resolve()); return 1 }`;
  const outcome = await invoke(await bundleOf('javascript', source, [1, 1]), plan);
  expect(await call(await bundleOf('javascript', COUNTER(2), [1, 2]))).toMatch(/"v":2/);
  expect((await outcome.drain!()).logs.map(([, , line]) => line)).toEqual(['said']);
});

test('a call whose instance is gone never gets the report of another', async () => {
  const { plan } = open();
  for (const [language, source] of [
    ['python', (text: string) => `def handler(request):\n  print('${text}')\n  return b'x'\n`],
    ['javascript', (text: string) => `export default () => { console.log('${text}'); return new Uint8Array(1) }`],
  ] as const) {
    const answered = [];
    for (const text of ['one', 'two']) {
      answered.push(await invoke(await bundleOf(language, source(text)), plan, { run: `run_${text}` }, 20_000));
      if (text === 'one') await runtime.discard(plan.name);
    }
    const reports = [];
    for (const outcome of answered) reports.push((await outcome.drain!()).logs.map(([, , line]) => line));
    expect(reports).toEqual([[], ['two']]);
    await runtime.discard(plan.name);
  }
});
