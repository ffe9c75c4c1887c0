import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { createRuntime } from '../../src/runtime/runtime';
import type { InstancePlan, Peek, Report } from '../../src/runtime/types';
import { bundleOf, invocationOf, type Runnable } from './runner.contract';

/** A runtime like that of the service, with less time for work after the answer. */
const runtime = createRuntime(env, undefined, 300);

async function reportOf(
  language: Runnable,
  source: string,
  plan: InstancePlan['mode'] = 'pooled',
  by = runtime,
): Promise<Report> {
  const bundle = await bundleOf(language, source);
  const planned: InstancePlan = plan === 'shared' ? { mode: plan, name: bundle.id } : { mode: plan };
  const outcome = await by.invoke(bundle, planned, invocationOf(bundle, {}), 20_000);
  expect(['text', 'response'], JSON.stringify(outcome)).toContain(outcome.kind);
  if (outcome.kind === 'response') await outcome.response.text();
  return outcome.drain!();
}
const OVERDUE = {
  name: 'TimeoutError',
  message: 'the work after the response did not finish within 0.3 s and was dropped',
};

test.each<[string, Runnable, string]>([
  [
    'waitUntil',
    'javascript',
    `export default (p, ctx) => { console.log('before'); ctx.waitUntil(new Promise((r) => setTimeout(r, 60_000))); return 1 }`,
  ],
  [
    'work that other work starts',
    'javascript',
    `export default (p, ctx) => { console.log('before'); const again = async () => { await new Promise((r) => setTimeout(r, 50)); ctx.waitUntil(again()) }; ctx.waitUntil(again()); return 1 }`,
  ],
  [
    'a promise that nothing resolves',
    'typescript',
    `export const handler = (r: Request, ctx: any) => { console.log('before'); ctx.waitUntil(new Promise(() => {})); return new Response('x') }`,
  ],
  [
    'work beside a body',
    'javascript',
    `export default (p, ctx) => { console.log('before'); ctx.waitUntil(new Promise((r) => setTimeout(r, 60_000))); return new Uint8Array(3) }`,
  ],
  [
    'steps after the answer',
    'workflow',
    JSON.stringify({
      kind: 'workflow',
      steps: [
        { id: 'said', do: 'log', message: 'before' },
        { id: 'answer', do: 'respond', body: 1, continue: true },
        { id: 'wait', do: 'sleep', ms: 30_000 },
      ],
    }),
  ],
])('work that takes too long is given up, and its log kept: %s', async (_name, language, source) => {
  const report = await reportOf(language, source);
  expect(report.lateError).toMatchObject(OVERDUE);
  expect(report.logs.map(([, , text]) => text)).toEqual(['before']);
  if (language === 'workflow') expect(report.steps.at(-1)).toMatchObject({ id: 'wait', outcome: 'running' });
});

test.each(['pooled', 'per-call', 'shared'] as const)('%s: work that is done in time is no failure', async (mode) => {
  const source = `export default (p, ctx) => { ctx.waitUntil(new Promise((r) => setTimeout(r, 20)).then(() => console.log('done'))); return 1 }`;
  const report = await reportOf('javascript', source, mode, createRuntime(env));
  expect([report.lateError, report.logs.map(([, , text]) => text)]).toEqual([null, ['done']]);
});

test('failed work is reported with its reason, even when other work times out', async () => {
  const source = `export default (p, ctx) => { ctx.waitUntil(Promise.reject(new RangeError('failed'))); ctx.waitUntil(new Promise(() => {})); return 1 }`;
  expect((await reportOf('javascript', source)).lateError).toMatchObject({ name: 'RangeError', message: 'failed' });
});

test('an isolate that does not report again leaves what it reported with its answer', async () => {
  const source = `export default (p, ctx) => { console.log('before'); ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => { Map.prototype.get = () => { throw new Error('broken') } })); return 1 }`;
  const bundle = await bundleOf('javascript', source);
  const peeks: Peek[] = [];
  const invocation = { ...invocationOf(bundle, {}), follow: (peek: Peek) => void peeks.push(peek) };
  const outcome = await runtime.invoke(bundle, { mode: 'per-call' }, invocation, 20_000);
  await vi.waitUntil(
    () =>
      peeks[0]!().then(
        () => false,
        () => true,
      ),
    { timeout: 20_000 },
  );
  const report = await outcome.drain!();
  expect(report.lateError!.message).toMatch(/^the work after the response was lost: .*broken/);
  expect(report.logs.map(([, , text]) => text)).toEqual(['before']);
});
