import { afterEach, expect, test, vi } from 'vitest';
import { dispatch } from '../../../src/core/gateway/dispatch';
import { createRefusalRecorder } from '../../../src/core/runs/count-refusals';
import type { RunDraft, SizedDraft } from '../../../src/core/runs/run-recorder';
import { toProblem } from '../../../src/http/wire/errors';
import { drain, testContext } from '../../support/context';
import { call, makeKey, postJson, publish, runOf } from '../../support/publish';
import { saveMiddleware } from '../../support/workflow';

const parameters = [{ name: 'quantity', type: 'integer' as const, required: true }];

test('a call that parameters refuse keeps what came but its body, and the problem that was answered', async () => {
  const { endpoint, handler } = await publish('export default () => 1', { parameters });
  const response = await postJson(
    `/u/${endpoint.path}?from=spring`,
    { quantity: 'x', card: '4111' },
    { 'x-shop': 'a' },
  );
  const problem = await response.clone().json();
  const run = await runOf(response);
  expect(run).toMatchObject({
    outcome: 'rejected',
    status: 422,
    errorCode: 'invalid_parameters',
    endpointPath: endpoint.path,
    handlerPath: handler.path,
    request: { method: 'POST', path: `/u/${endpoint.path}`, query: 'from=spring', body: null },
    response: { status: 422, headers: { 'content-type': 'application/problem+json' } },
  });
  expect(run.request.headers).toMatchObject({ 'x-shop': 'a', 'content-type': 'application/json' });
  expect(JSON.parse(run.response!.body!)).toEqual(problem);
  expect(problem).toMatchObject({ errors: [{ pointer: '#/body/quantity' }] });
  expect(JSON.stringify(run)).not.toContain('4111');
});

test('a call without a key keeps the problem, and no credential', async () => {
  const key = await makeKey();
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
  const run = await runOf(
    await call(`/u/${endpoint.path}?token=hidden-value`, {
      method: 'POST',
      headers: { 'x-api-key': 'wrong-key-value' },
    }),
  );
  expect(run).toMatchObject({ outcome: 'rejected', errorCode: 'invalid_key', response: { status: 401 } });
  expect(JSON.parse(run.response!.body!)).toMatchObject({ code: 'invalid_key' });
  expect(JSON.stringify(run)).not.toMatch(/hidden-value|wrong-key-value/);
});

test('a handler that failed, and one whose answer cannot be sent, keep the problem that was answered', async () => {
  for (const [source, status] of [
    [`export default () => { throw new Error('inside') }`, 500],
    [`export default () => new Response('', { headers: { 'content-type': 'text/html' } })`, 502],
  ] as const) {
    const { endpoint } = await publish(source);
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    const problem = await response.clone().json();
    const run = await runOf(response);
    expect([run.status, run.outcome]).toEqual([status, 'failed']);
    expect(JSON.parse(run.response!.body!)).toEqual(problem);
  }
});

afterEach(() => void vi.unstubAllGlobals());

test('a record is made under another request, without a body, a stream or a response of its own', async () => {
  const key = await makeKey();
  const endpoints = await Promise.all([
    publish('export default () => ({ ok: true })'),
    publish('export default () => 1', { parameters }),
    publish('export default () => 1', { access: { level: 'key', keys: [key.id] } }),
    publish(`export default () => { throw new Error('inside') }`),
    publish(
      `export function handler() { return new Response(new Blob(['text']).stream(), { headers: { 'content-type': 'text/plain' } }) }`,
    ),
  ]);
  const drafts: RunDraft[] = [];
  const recorder = { record: ({ make }: SizedDraft) => void drafts.push(make) };
  const ctx = testContext(undefined, { recorder, refusals: createRefusalRecorder(recorder) });
  const statuses = await Promise.all(
    endpoints.map(async ({ endpoint: { path } }) => {
      const url = `https://portico.test/u/${path}`;
      const response = await dispatch(ctx, new Request(url, { method: 'POST', body: '{}' }), path, toProblem);
      await response.text();
      return response.status;
    }),
  );
  await drain();
  for (const name of ['Response', 'Request', 'ReadableStream', 'Blob'])
    vi.stubGlobal(name, () => {
      throw new Error(`a record needs a ${name}`);
    });
  const made = drafts.map((draft) => draft().entry.status);
  vi.unstubAllGlobals();
  expect(made.toSorted()).toEqual(statuses.toSorted());
  expect(made.toSorted()).toEqual([200, 200, 401, 422, 500]);
});

test('what a call sent or reported beyond 8 KB is not held until its batch leaves', async () => {
  const lines = await publish(
    `export default () => { for (let n = 0; n < 90; n++) console.log('x'.repeat(100)); return 1 }`,
  );
  const plain = await publish('export default () => 1', { parameters });
  const drafts: SizedDraft[] = [];
  const recorder = { record: (draft: SizedDraft) => void drafts.push(draft) };
  const ctx = testContext(undefined, { recorder, refusals: createRefusalRecorder(recorder) });
  const send = async (path: string, headers: Record<string, string>): Promise<SizedDraft> => {
    const request = new Request(`https://portico.test/u/${path}`, { method: 'POST', headers });
    await (await dispatch(ctx, request, path, toProblem)).text();
    await drain();
    return drafts.shift()!;
  };
  const long = { 'x-long': 'x'.repeat(20_000) };
  for (const draft of [
    await send(lines.endpoint.path, {}),
    await send(lines.endpoint.path, long),
    await send(plain.endpoint.path, long),
  ])
    expect(draft.size).toBe(draft.make().detail.length);
  const short = await send(plain.endpoint.path, {});
  expect(short.size).toBeLessThan(1000);
  expect(short.make()).not.toBe(short.make());
});

test('metadata keeps no problem', async () => {
  const { endpoint } = await publish('export default () => 1', { parameters, log: 'metadata' });
  const run = await runOf(await postJson(`/u/${endpoint.path}`, {}));
  expect(run).toMatchObject({ outcome: 'rejected', response: { status: 422, body: null, headers: {} } });
});

test('of many refusals of one network, 20 are runs of their own, and one run has the number of the others', async () => {
  const key = await makeKey();
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
  const base = testContext();
  let pass = (): void => undefined;
  const window = new Promise<void>((resolve) => (pass = resolve));
  const ctx = { ...base, address: '192.0.2.1', refusals: createRefusalRecorder(base.recorder, () => window) };
  const send = async (address: string): Promise<number> => {
    const request = new Request(`https://portico.test/u/${endpoint.path}`, { method: 'POST' });
    return (await dispatch({ ...ctx, address }, request, endpoint.path, toProblem)).status;
  };
  for (let n = 0; n < 300; n++) expect(await send('192.0.2.1')).toBe(401);
  expect(await send('192.0.2.2')).toBe(401);
  pass();
  await drain();
  const { entries } = await base.runLog.list({ endpointId: endpoint.id }, null, 100);
  expect(entries).toHaveLength(22);
  expect(
    entries
      .map(({ calls }) => calls)
      .toSorted((a, b) => b - a)
      .slice(0, 2),
  ).toEqual([280, 1]);
  // One tally, or one each for the day before midnight and the day after it.
  const tallies = await base.runLog.stats({
    since: 0,
    until: 1e14,
    stepMs: 86_400_000,
    by: 'endpoint',
    endpointId: endpoint.id,
  });
  expect(new Set(tallies.map(({ outcome }) => outcome))).toEqual(new Set(['rejected']));
  expect(tallies.reduce((sum, { calls }) => sum + calls, 0)).toBe(301);
});

test('an audited call whose start is stored, but not confirmed, is a refused run: each of a flood', async () => {
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  const { endpoint } = await publish('export default () => 1', { log: 'audited' });
  const base = testContext();
  const begin: typeof base.runLog.begin = async (run) => {
    await base.runLog.begin(run);
    throw new Error('Network connection lost.');
  };
  const ctx = { ...base, runLog: { ...base.runLog, begin } };
  const send = () =>
    dispatch(ctx, new Request('https://portico.test/u/x', { method: 'POST' }), endpoint.path, toProblem);
  const answers = await Promise.all(Array.from({ length: 30 }, send));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(answers[0]!.headers.get('retry-after')).toBe('1');
  await drain();
  const { entries } = await base.runLog.list({ endpointId: endpoint.id }, null, 100);
  expect(entries.map(({ id }) => id).toSorted()).toEqual(
    answers.map(({ headers }) => headers.get('x-run-id')).toSorted(),
  );
  const facts = entries.map(({ outcome, status, errorCode, calls }) => [outcome, status, errorCode, calls]);
  expect(facts).toEqual(Array(30).fill(['rejected', 503, 'unavailable', 1]));
  vi.restoreAllMocks();
});

test('refusals by a middleware are counted as well, but of audited endpoints, whose starts are stored', async () => {
  const { path: handler } = await saveMiddleware([{ id: 't', do: 'throw', message: 'closed' }]);
  for (const [log, expected] of [
    ['full', [5, ...Array(20).fill(1)]],
    ['audited', Array(25).fill(1)],
  ] as const) {
    const access = { level: 'public' as const, middleware: [{ handler, with: {} }] };
    const { endpoint } = await publish('export default () => 1', { access, log });
    const base = testContext();
    // The window ends with the last refusal: they are recorded after their responses.
    const { promise: window, resolve: pass } = Promise.withResolvers<void>();
    const refusals = createRefusalRecorder(base.recorder, () => window);
    let left = 25;
    const record: typeof refusals.record = (...refusal) => {
      refusals.record(...refusal);
      left -= 1;
      if (left === 0) pass();
    };
    const ctx = { ...base, refusals: { record } };
    const send = () =>
      dispatch(ctx, new Request('https://portico.test/u/x', { method: 'POST' }), endpoint.path, toProblem);
    const answers = await Promise.all(Array.from({ length: 25 }, send));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    await drain();
    const { entries } = await base.runLog.list({ endpointId: endpoint.id }, null, 100);
    expect(entries.map(({ calls }) => calls).toSorted((a, b) => b - a)).toEqual(expected);
  }
});
