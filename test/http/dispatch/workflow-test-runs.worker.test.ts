import { expect, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { makeKey, publish } from '../../support/publish';
import { adminToken, createUser } from '../../support/sign-in';
import { publishWorkflow, respond, saveMiddleware, saveVersion, workflow } from '../../support/workflow';
import type { TestResult } from '../../../src/core/gateway/test/test-endpoint.schema';
import { unique } from '../../support/publish';

const STEPS = [
  { id: 'twice', do: 'set', name: 'n', value: { $: 'params.n * 2' } },
  { id: 'upstream', do: 'http.request', url: 'https://api.example.com/x' },
  respond({ n: { $: 'vars.n' }, up: { $: 'steps.upstream.body' } }),
];
const run = async (id: string, input: object) => {
  const answer = await callAdmin('POST', `/endpoints/${id}/test`, { token: await adminToken(), body: input });
  return { ...answer, body: answer.body as unknown as TestResult };
};
const endpoint = async () =>
  (await publishWorkflow(STEPS, { parameters: [{ name: 'n', type: 'integer', required: true, test: 21 }] })).endpoint;

test('up to a step: its result is the answer, and what follows does not run', async () => {
  const { body } = await run((await endpoint()).id, { until: 'twice' });
  expect([body.response.status, body.response.body, body.run.kind]).toEqual([200, '42', 'test']);
  expect(body.run.steps.map(({ id }) => id)).toEqual(['twice']);
});

test('mocked steps do not run', async () => {
  const { body } = await run((await endpoint()).id, {
    parameters: { n: 1 },
    mocks: { upstream: { status: 200, body: 'played' } },
  });
  expect(JSON.parse(body.response.body)).toEqual({ n: 2, up: 'played' });
  expect(body.run.steps[1]).toMatchObject({ id: 'upstream', outcome: 'mocked' });
});

test('steps that are not there are refused', async () => {
  const { id } = await endpoint();
  expect(await run(id, { until: 'nowhere' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '#/until' }] },
  });
  expect(await run(id, { mocks: { x: 1 } })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '#/mocks/x' }] },
  });
  const { endpoint: plain } = await publish('export default () => 1');
  expect((await run(plain.id, { until: 'x' })).status).toBe(422);
});

test('a test calls as a user, as a key, or anonymously', async () => {
  const { endpoint: who } = await publishWorkflow([respond({ $: 'auth' })]);
  const user = await createUser(unique('tester'), []);
  const key = await makeKey();
  const as = async (input: object) => JSON.parse((await run(who.id, input)).body.response.body) as object;
  expect(await as({ as: { user: user.id } })).toMatchObject({
    kind: 'user',
    user: { id: user.id, name: user.name },
    key: null,
  });
  expect(await as({ as: { key: key.id } })).toMatchObject({
    kind: 'key',
    user: null,
    key: { id: key.id, alias: key.alias },
  });
  expect(await as({})).toMatchObject({ kind: 'anonymous', user: null, key: null });
});

test('a version that is not deployed, with the middleware', async () => {
  const { path } = await saveMiddleware([
    { id: 'in', do: 'if', when: { $: 'auth.user === null' }, then: [{ id: 'no', do: 'throw', message: 'sign in' }] },
  ]);
  const { endpoint: guarded, handler } = await publishWorkflow([respond('one')], {
    access: { level: 'public', middleware: [{ handler: path }] },
  });
  await saveVersion(
    handler,
    workflow({ id: 'new', do: 'set', name: 'x', value: 'two' }, respond({ $: 'vars.x' })),
    false,
  );
  const user = await createUser(unique('tester'), []);
  const passed = await run(guarded.id, { version: 2, as: { user: user.id } });
  expect([passed.body.response.body, passed.body.run.handlerVersion]).toEqual(['two', 2]);
  const refused = await run(guarded.id, { version: 2, until: 'new' });
  expect([refused.body.response.status, refused.body.run.outcome]).toEqual([403, 'rejected']);
});
