import { expect, test, vi } from 'vitest';
import { testContext } from '../support/context';
import { call, HELD, postJson, publish, RELEASE, runOf } from '../support/publish';

const { runLog } = testContext();

test('an audited call has its record before any code runs, and is completed after it', async () => {
  const { endpoint } = await publish(HELD, { log: 'audited' });
  const answer = call(`/u/${endpoint.path}`, { method: 'POST' });
  const started = await vi.waitUntil(
    async () => (await runLog.list({ endpointId: endpoint.id }, null, 10)).entries[0],
    { timeout: 20_000 },
  );
  expect(started).toMatchObject({ outcome: 'running', status: null, durationMs: null });
  await postJson(`/u/${endpoint.path}`, RELEASE);
  const response = await answer;
  expect(response.headers.get('x-run-id')).toBe(started.id);
  expect(await runOf(response)).toMatchObject({
    id: started.id,
    outcome: 'success',
    status: 200,
    response: { body: 'done' },
  });
});

test.each([
  ['metadata', { request: { body: null, query: '', headers: {} }, response: { body: null }, logs: [] }],
  ['full', { request: { body: '{"a":1}', query: 'b=2' }, response: { body: '[1]' }, logs: [{ message: 'line' }] }],
] as const)('log: %s keeps what it says', async (log, kept) => {
  const { endpoint } = await publish(`export default () => { console.log('line'); return [1] }`, { log });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
  expect(await runOf(await call(`/u/${endpoint.path}?b=2`, init))).toMatchObject({
    outcome: 'success',
    status: 200,
    ...kept,
  });
});

test('log: off keeps nothing', async () => {
  const { endpoint } = await publish('export default () => 1', { log: 'off' });
  await call(`/u/${endpoint.path}`, { method: 'POST' });
  // Runs of an isolate leave it in order: when a later one is there, an earlier one would be.
  const { endpoint: later } = await publish('export default () => 1');
  await runOf(await call(`/u/${later.path}`, { method: 'POST' }));
  expect((await runLog.list({ endpointId: endpoint.id }, null, 10)).entries).toEqual([]);
});
