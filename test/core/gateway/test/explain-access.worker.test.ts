import { expect, test } from 'vitest';
import { explainAccess } from '../../../../src/core/gateway/test/explain-access';
import { ExplainAccessInput } from '../../../../src/core/gateway/test/explain-access.schema';
import { testEndpoint } from '../../../../src/core/gateway/test/test-endpoint';
import { TestEndpointInput } from '../../../../src/core/gateway/test/test-endpoint.schema';
import { toProblem } from '../../../../src/http/wire/errors';
import { actorWith, testContext } from '../../../support/context';
import { insertUser } from '../../../support/people';
import { makeKey, publish } from '../../../support/publish';

const ctx = testContext();
const explain = (id: string, as: ExplainAccessInput['as'], actor = ctx, call = {}) =>
  explainAccess(actor, id, ExplainAccessInput.parse({ as, ...call }));

test('a caller is admitted or refused as a call would be, and nothing runs', async () => {
  const key = await makeKey();
  const other = await makeKey();
  const { endpoint } = await publish('export default () => { throw new Error("runs") }', {
    access: { level: 'key', keys: [key.id] },
  });
  expect(await explain(endpoint.id, { key: key.id })).toMatchObject({
    admitted: true,
    caller: { kind: 'key', id: key.id },
    steps: [
      { check: 'active', result: 'passed' },
      { check: 'access', result: 'passed' },
      { check: 'ready', result: 'passed' },
    ],
  });
  const refusal = async (as: ExplainAccessInput['as']) => {
    const { admitted, steps } = await explain(endpoint.id, as);
    return [admitted, steps.find(({ result }) => result === 'refused')];
  };
  expect(await refusal({ key: other.id })).toMatchObject([false, { check: 'access', code: 'key_not_allowed' }]);
  expect(await refusal({ anonymous: true })).toMatchObject([false, { check: 'access', code: 'auth_required' }]);
  expect(await refusal({ user: (await insertUser('explained')).id })).toMatchObject([false, { code: 'auth_required' }]);
});

test('an endpoint that is off, and what depends on the call, are said as such', async () => {
  const { endpoint } = await publish('export default () => 1', {
    active: false,
    access: { level: 'public' },
    rateLimit: { limit: 1, windowSeconds: 60 },
  });
  expect(await explain(endpoint.id, { anonymous: true })).toMatchObject({
    admitted: false,
    steps: [
      { check: 'active', result: 'refused', code: 'not_found' },
      { check: 'access', result: 'passed' },
      { check: 'ready', result: 'passed' },
      { check: 'rate', result: 'unknown' },
    ],
  });
});

test('what a key restricts is refused where that is known, and said where it depends on the call', async () => {
  const restricted = await makeKey({ scopes: { methods: ['GET'] }, addresses: ['10.0.0.0/8'], quota: { perDay: 5 } });
  const elsewhere = await makeKey({ scopes: { endpoints: ['elsewhere'] } });
  const { endpoint } = await publish('export default () => 1', {
    methods: ['GET', 'POST'],
    access: { level: 'key', keys: [elsewhere.id, restricted.id] },
  });
  const { admitted, steps } = await explain(endpoint.id, { key: restricted.id });
  expect([admitted, ...steps.map(({ check, result }) => `${check} ${result}`)]).toEqual([
    true,
    'active passed',
    'address unknown',
    'access passed',
    'method unknown',
    'ready passed',
    'quota unknown',
  ]);
  expect(steps.at(-1)).toMatchObject({ message: 'The key has a quota of 5 calls a day.' });
  const refusedFor = async (call: object) =>
    (await explain(endpoint.id, { key: restricted.id }, ctx, call)).steps.flatMap(({ result, code }) =>
      result === 'refused' ? [code] : [],
    );
  expect(await refusedFor({ method: 'GET', address: '10.1.2.3' })).toEqual([]);
  expect(await refusedFor({ method: 'POST', address: '192.0.2.1' })).toEqual(['address_not_allowed', 'key_scope']);
  expect(await refusedFor({ method: 'PATCH' })).toEqual(['method_not_allowed']);
  expect(await explain(endpoint.id, { key: elsewhere.id })).toMatchObject({ admitted: false });
  const test = (input: object) =>
    testEndpoint(ctx, endpoint.id, TestEndpointInput.parse(input), (error, id) => toProblem(error, id));
  expect(await test({ request: { method: 'GET' } })).toMatchObject({ response: { status: 200 } });
  expect(await test({ request: { method: 'POST' } })).toMatchObject({ response: { status: 403 } });
});

test('a viewer may ask about callers of no more rights, and a stranger about none', async () => {
  const { endpoint } = await publish('export default () => 1', { access: { level: 'authenticated' } });
  const admin = await insertUser('explained-admin', ['admin']);
  const viewer = testContext(actorWith('viewer'));
  await expect(explain(endpoint.id, { user: admin.id }, viewer)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(explain(endpoint.id, { anonymous: true }, testContext(actorWith()))).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(explain('ep_missing', { anonymous: true })).rejects.toMatchObject({ code: 'not_found' });
});
