import { expect, test } from 'vitest';
import { call, makeKey, postJson, publish, runOf } from '../../support/publish';

const NAMES = `export default ({ name1, name2 }) => ({ names: [name1, name2] })`;

test('a function is published, called with a key, and its run is in the history', async () => {
  const key = await makeKey();
  const { endpoint, handler } = await publish(NAMES, {
    access: { level: 'key', keys: [key.id] },
    parameters: [
      { name: 'name1', required: true },
      { name: 'name2', default: 'nobody' },
    ],
  });
  const response = await postJson(`/u/${endpoint.path}`, { name1: 'Ada', name2: 'Grace' }, { 'x-api-key': key.key! });
  expect([response.status, await response.json()]).toEqual([200, { names: ['Ada', 'Grace'] }]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'x-run-id': expect.stringMatching(/^run_/) as unknown,
  });
  expect(await runOf(response)).toMatchObject({
    endpointId: endpoint.id,
    handlerVersion: handler.defaultVersion,
    kind: 'live',
    outcome: 'success',
    status: 200,
    caller: { kind: 'key', id: key.id },
    request: {
      method: 'POST',
      path: `/u/${endpoint.path}`,
      body: '{"name1":"Ada","name2":"Grace"}',
      headers: { 'x-api-key': '[redacted]' },
    },
    response: { status: 200, body: '{"names":["Ada","Grace"]}' },
    instance: { mode: 'pooled', cold: true },
    error: null,
  });
});

test('a refused call leaves a rejected run and does not reach the handler', async () => {
  const key = await makeKey();
  const { endpoint } = await publish(NAMES, { access: { level: 'key', keys: [key.id] } });
  const response = await postJson(`/u/${endpoint.path}`, { name1: 'x' });
  expect([response.status, await response.json()]).toMatchObject([401, { code: 'auth_required' }]);
  expect(response.headers.get('www-authenticate')).toBe('ApiKey header="x-api-key"');
  expect(await runOf(response)).toMatchObject({
    outcome: 'rejected',
    status: 401,
    error: { code: 'auth_required' },
    request: { body: null },
  });
});

test('a stream is answered and recorded', async () => {
  const { endpoint } = await publish(
    `export const handler = () => new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode('abc')); c.close() } }), { headers: { 'content-type': 'text/plain' } })`,
  );
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([200, 'abc']);
  expect(await runOf(response)).toMatchObject({ outcome: 'success', response: { body: 'abc', bytes: 3 } });
});

test('JSON that claims to be a form, as curl -d sends it, is read as JSON', async () => {
  const { endpoint } = await publish(NAMES);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers, body: '{"name1":"a","name2":"b"}' });
  expect(await response.json()).toEqual({ names: ['a', 'b'] });
});

test('a credential in the query is not stored, even when the handler logs it', async () => {
  const { endpoint } = await publish(`export const handler = (request) => { console.log(request.url); return 'ok' }`);
  const response = await call(`/u/${endpoint.path}?api_key=my-own-key-0123456789`, { method: 'POST' });
  expect(JSON.stringify(await runOf(response))).not.toContain('my-own-key');
});
