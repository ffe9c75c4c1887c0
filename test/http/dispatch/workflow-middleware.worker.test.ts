import { expect, test } from 'vitest';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, postJson, publish, runOf } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { publishWorkflow, respond, saveMiddleware, saveVersion } from '../../support/workflow';

const access = (...middleware: object[]) => ({
  level: 'public' as const,
  middleware: middleware as { handler: string }[],
});
const set = (name: string, expression: string) => ({ id: name, do: 'set', name, value: { $: expression } });

test('middleware run in order before the handler, with their values, and pass on their results', async () => {
  const first = await saveMiddleware([set('project', 'params.project')], [{ name: 'project' }]);
  const second = await saveMiddleware([set('seen', 'mw[0].project')]);
  const { endpoint } = await publishWorkflow([respond({ $: 'mw' })], {
    access: access({ handler: first.path, with: { project: { $: "'p' + params.n" } } }, { handler: second.path }),
  });
  const response = await postJson(`/u/${endpoint.path}`, { n: 7 });
  expect(await response.json()).toEqual([{ project: 'p7' }, { seen: 'p7' }]);
  const run = await runOf(response);
  expect(run.steps.map(({ id, middleware }) => [id, middleware])).toEqual([
    ['project', 0],
    ['seen', 1],
    ['answer', undefined],
  ]);
});

test('middleware guard handlers of every language', async () => {
  const { path } = await saveMiddleware([{ id: 't', do: 'throw', message: 'no' }]);
  const source = 'let ran = 0; export default () => ++ran';
  const { endpoint } = await publish(source, { instance: 'shared' });
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toBe(1);
  await updateEndpoint(testContext(), endpoint.id, { access: { middleware: [{ handler: path, with: {} }] } }, null);
  expect((await call(`/u/${endpoint.path}`, { method: 'POST' })).status).toBe(403);
  await updateEndpoint(testContext(), endpoint.id, { access: { middleware: [] } }, null);
  // The version did not change, so the instance is the same: it ran once more, not twice.
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toBe(2);
});

const REFUSED = {
  status: 403,
  body: {
    type: 'urn:portico:error:workflow_refused',
    title: 'Refused by the workflow',
    status: 403,
    detail: 'not a member',
    code: 'workflow_refused',
    requestId: expect.stringMatching(/^req_/),
  },
};
test.each<[string, object, { status: number; body: unknown }]>([
  ['throw', { id: 'x', do: 'throw', message: 'not a member' }, REFUSED],
  [
    'throw with a status',
    { id: 'x', do: 'throw', message: 'pay', status: 402 },
    { status: 402, body: { ...REFUSED.body, status: 402, detail: 'pay' } },
  ],
  ['respond', respond({ why: 'closed' }), { status: 403, body: { why: 'closed' } }],
  ['respond with a status', respond({ cached: 1 }, { status: 200 }), { status: 200, body: { cached: 1 } }],
  [
    'an error',
    set('x', 'body.a.b'),
    { status: 403, body: { code: 'forbidden', detail: 'You do not have access to this.' } },
  ],
  ['a status that is none', respond(1, { status: { $: '7' } }), { status: 403, body: { code: 'forbidden' } }],
])('%s refuses, the handler does not run, and the run has the reason', async (_, step, expected) => {
  const { path } = await saveMiddleware([set('before', '1'), step]);
  const { endpoint } = await publishWorkflow([{ id: 'ran', do: 'log', message: 'the handler ran' }, respond(1)], {
    access: access({ handler: path }),
  });
  const response = await postJson(`/u/${endpoint.path}`, { secret: 'in the body' });
  expect([response.status, await response.json()]).toMatchObject([expected.status, expected.body]);
  const run = await runOf(response);
  expect([run.outcome, run.response?.status, run.request.body]).toEqual(['rejected', expected.status, null]);
  expect(run.steps.map(({ id, middleware }) => [id, middleware])).toMatchObject([
    ['before', 0],
    [expect.any(String), 0],
  ]);
  expect(run.error?.message).toContain(path);
  expect(run.logs).toEqual([]);
});

test('a middleware that times out refuses, and its time counts', async () => {
  const { path } = await saveMiddleware([{ id: 'z', do: 'sleep', ms: 3000 }]);
  const { endpoint } = await publishWorkflow([respond(1)], {
    access: access({ handler: path }),
    limits: { timeoutMs: 300 },
  });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(403);
  expect((await runOf(response)).error?.message).toBe(`${path}: it did not answer in time`);

  const slow = await saveMiddleware([{ id: 'z', do: 'sleep', ms: 600 }]);
  const both = await publishWorkflow([{ id: 'z', do: 'sleep', ms: 1900 }, respond(1)], {
    access: access({ handler: slow.path }),
    limits: { timeoutMs: 2000 },
  });
  const late = await call(`/u/${both.endpoint.path}`, { method: 'POST' });
  expect([late.status, (await runOf(late)).outcome]).toEqual([504, 'timeout']);
});

test('a version that is deployed later takes effect; one that does not fit is refused', async () => {
  const middleware = await saveMiddleware([{ id: 's', do: 'stop' }]);
  const { endpoint } = await publishWorkflow([respond(1)], { access: access({ handler: middleware.path }) });
  const status = async () => (await call(`/u/${endpoint.path}`, { method: 'POST' })).status;
  expect(await status()).toBe(200);
  const closed = JSON.stringify({ kind: 'middleware', steps: [{ id: 't', do: 'throw', message: 'closed' }] });
  await saveVersion(middleware, closed);
  expect(await status()).toBe(403);
  const demanding = JSON.stringify({
    kind: 'middleware',
    parameters: [{ name: 'plan' }],
    steps: [{ id: 's', do: 'stop' }],
  });
  await expect(saveVersion(middleware, demanding)).rejects.toMatchObject({
    code: 'invalid_source',
    message: expect.stringContaining(
      `in the endpoint ${endpoint.path}: middleware 0/with: the middleware requires a value for plan`,
    ),
  });
  expect((await saveVersion(middleware, demanding, false)).warnings).toMatchObject([{ code: 'unknown_reference' }]);
});

test('an endpoint is checked against what it attaches', async () => {
  const { path } = await saveMiddleware([{ id: 's', do: 'stop' }], [{ name: 'plan' }]);
  const { endpoint, handler } = await publishWorkflow([respond(1)]);
  const patch = async (middleware: object[]) =>
    (
      await callAdmin('PATCH', `/endpoints/${endpoint.id}`, {
        token: await adminToken(),
        body: { access: { middleware } },
      })
    ).body;
  expect(await patch([{ handler: 'not/there.workflow.json' }])).toMatchObject({
    errors: [{ pointer: '#/access/middleware/0/handler', code: 'not_found' }],
  });
  expect(await patch([{ handler: handler.path }])).toMatchObject({ errors: [{ code: 'not_middleware' }] });
  expect(await patch([{ handler: path, with: { plan: { $: 'steps.x' }, other: 1 } }])).toMatchObject({
    errors: [
      { pointer: '#/access/middleware/0/with/other', code: 'unknown_reference' },
      { pointer: '#/access/middleware/0/with/plan', code: 'unknown_reference' },
    ],
  });
  expect(await patch([{ handler: path, with: { plan: 'gold' } }])).toMatchObject({
    access: { middleware: [{ handler: path, with: { plan: 'gold' } }] },
    warnings: [],
  });
  const mw = await callAdmin('GET', `/handlers?path=${path}`, { token: await adminToken() });
  const id = (mw.body.items as { id: string }[])[0]!.id;
  expect(await callAdmin('DELETE', `/handlers/${id}`, { token: await adminToken() })).toMatchObject({
    status: 409,
    body: { code: 'in_use', detail: expect.stringContaining(endpoint.path) },
  });
});

test('a middleware cannot be what answers', async () => {
  const { path } = await saveMiddleware([{ id: 's', do: 'stop' }]);
  const answer = await callAdmin('POST', '/endpoints', { token: await adminToken(), body: { handler: { path } } });
  expect([answer.status, answer.body.errors]).toMatchObject([422, [{ pointer: '#/handler', code: 'invalid_field' }]]);
});

test('a middleware whose results have no JSON form refuses, and the run names the value', async () => {
  const { path } = await saveMiddleware([{ id: 'm', do: 'code', source: 'return new Map()' }, set('seen', 'steps.m')]);
  const { endpoint } = await publishWorkflow([respond({ $: '1' })], { access: access({ handler: path }) });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(403);
  const run = await runOf(response);
  expect([run.outcome, run.error!.message]).toEqual([
    'rejected',
    `${path}: result.seen is a Map; write Object.fromEntries(map)`,
  ]);
});
