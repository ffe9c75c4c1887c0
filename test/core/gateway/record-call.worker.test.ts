import { expect, test } from 'vitest';
import { call, makeKey, postJson, publish, runOf } from '../../support/publish';

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

test('metadata keeps no problem', async () => {
  const { endpoint } = await publish('export default () => 1', { parameters, log: 'metadata' });
  const run = await runOf(await postJson(`/u/${endpoint.path}`, {}));
  expect(run).toMatchObject({ outcome: 'rejected', response: { status: 422, body: null, headers: {} } });
});
