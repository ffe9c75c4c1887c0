import { expect, test } from 'vitest';
import { call, runOf } from '../../support/publish';
import { publishWorkflow, respond } from '../../support/workflow';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const early = (body?: unknown): object => respond(body, { status: 202, continue: true });

/** More than fits into the buffers on the way: the end of it leaves when the caller takes it. */
const LARGE = 900_000;

test.each(['pooled', 'per-call', 'shared'] as const)(
  '%s: the later steps start when the caller has the answer, and not before',
  async (instance) => {
    const { endpoint } = await publishWorkflow(
      [early({ $: `'x'.repeat(${LARGE})` }), { id: 'later', do: 'set', name: 'at', value: { $: 'Date.now()' } }],
      { instance },
    );
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    expect(response.status).toBe(202);
    // The answer is on its way, and its caller has not read it yet.
    await pause(400);
    const takenAt = Date.now();
    expect((await response.text()).length).toBe(LARGE);
    const run = await runOf(response);
    expect(run.outcome).toBe('success');
    expect(run.steps.map(({ id }) => id)).toEqual(['answer', 'later']);
    expect(run.steps[1]!.output).toBeGreaterThanOrEqual(takenAt);
  },
);

test('later steps run to their end, longer than the endpoint has for its answer', async () => {
  const { endpoint } = await publishWorkflow(
    [early({ ok: true }), { id: 'wait', do: 'sleep', ms: 2200 }, { id: 'end', do: 'log', message: 'done' }],
    { limits: { timeoutMs: 2000 } },
  );
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.json()).toEqual({ ok: true });
  const run = await runOf(response);
  expect([run.outcome, run.steps.at(-1), run.logs]).toMatchObject([
    'success',
    { id: 'end', outcome: 'success' },
    [{ message: 'done' }],
  ]);
  expect(run.timing.afterMs).toBeGreaterThanOrEqual(2200);
});

test('later steps wait for an answer without a body', async () => {
  const { endpoint } = await publishWorkflow([early(), { id: 'later', do: 'set', name: 'x', value: 1 }]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([202, '']);
  expect((await runOf(response)).steps.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
});

test('a late failure leaves the answer and is in the run, with its step', async () => {
  const { endpoint } = await publishWorkflow([
    early({ ok: true }),
    { id: 'bad', do: 'throw', message: 'too late', status: 400 },
  ]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, await response.json()]).toEqual([202, { ok: true }]);
  const run = await runOf(response);
  expect(run).toMatchObject({
    outcome: 'failed_after_response',
    status: 202,
    error: { message: 'too late', step: 'bad' },
    response: { status: 202, body: '{"ok":true}' },
  });
});

test('a second answer is a failed step, not a second answer', async () => {
  const { endpoint } = await publishWorkflow([early('one'), { id: 'again', do: 'respond', body: 'two' }]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.text()).toBe('one');
  expect(await runOf(response)).toMatchObject({
    outcome: 'failed_after_response',
    error: { step: 'again', message: 'the workflow has already responded' },
  });
});

test('a caller who leaves does not stop the later steps', async () => {
  const { endpoint } = await publishWorkflow([early('unread'), { id: 'later', do: 'log', message: 'ran' }]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  await response.body!.cancel();
  expect((await runOf(response)).logs).toMatchObject([{ message: 'ran' }]);
});
