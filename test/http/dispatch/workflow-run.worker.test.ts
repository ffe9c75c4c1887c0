import { expect, test } from 'vitest';
import { deployVersion } from '../../../src/core/publishing/handlers/deploy-version';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, postJson, runOf, saveHandler, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { publishWorkflow, respond, saveVersion, workflow } from '../../support/workflow';

const MODES = ['pooled', 'per-call', 'shared'] as const;

test.each(MODES)('%s: a workflow answers, and its run has every step', async (instance) => {
  const { endpoint } = await publishWorkflow(
    [
      { id: 'name', do: 'set', name: 'name', value: { $: 'params.name.toUpperCase()' } },
      respond({ hi: { $: 'vars.name' } }, { status: 201, headers: { 'x-a': 'b' } }),
    ],
    { instance, parameters: [{ name: 'name', required: true }] },
  );
  const response = await postJson(`/u/${endpoint.path}`, { name: 'Ada' });
  expect([response.status, response.headers.get('x-a'), await response.json()]).toEqual([201, 'b', { hi: 'ADA' }]);
  const run = await runOf(response);
  expect([run.outcome, run.instance.mode, run.handlerVersion]).toEqual(['success', instance, 1]);
  expect(run.steps).toMatchObject([
    { id: 'name', action: 'set', outcome: 'success', output: 'ADA' },
    { id: 'answer', action: 'respond', outcome: 'success', input: { status: 201, body: { hi: 'ADA' } } },
  ]);
});

test('versions: deployed, saved without a deploy, rolled back', async () => {
  const { endpoint, handler } = await publishWorkflow([respond(1)]);
  const answer = async () => (await call(`/u/${endpoint.path}`, { method: 'POST' })).text();
  await saveVersion(handler, workflow(respond(2)), false);
  expect(await answer()).toBe('1');
  await deployVersion(testContext(), handler.id, 2, null);
  expect(await answer()).toBe('2');
  await deployVersion(testContext(), handler.id, 1, null);
  expect(await answer()).toBe('1');
});

test('fields that are not declared are among the parameters; a body of any other type is the body', async () => {
  const { endpoint } = await publishWorkflow([respond({ params: { $: 'params' }, body: { $: 'body' } })]);
  const send = async (type: string, body: string) =>
    (await call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'content-type': type }, body })).json();
  expect(await send('application/json', '{"a":1}')).toEqual({ params: { a: 1 }, body: { a: 1 } });
  expect(await send('application/x-www-form-urlencoded', 'a=1&b=2')).toEqual({
    params: { a: '1', b: '2' },
    body: { a: '1', b: '2' },
  });
  expect(await send('text/csv', 'a;b')).toEqual({ params: {}, body: 'a;b' });
  expect(await send('application/json', '[1]')).toEqual({ params: {}, body: [1] });
});

test('a failed step is a bare 500, and its details are in the run', async () => {
  const { endpoint } = await publishWorkflow([
    { id: 'bad', do: 'set', name: 'x', value: { $: 'body.a.b' } },
    respond(1),
  ]);
  const response = await postJson(`/u/${endpoint.path}`, {});
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('undefined');
  const run = await runOf(response);
  expect(run).toMatchObject({ outcome: 'failed', error: { name: 'TypeError', step: 'bad' } });
  expect(run.steps).toMatchObject([{ id: 'bad', outcome: 'failed', error: { name: 'TypeError' } }]);
});

test('throw with a status answers it, and nothing answers 204', async () => {
  const { endpoint } = await publishWorkflow([{ id: 't', do: 'throw', message: 'too small', status: 409 }]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, await response.json()]).toEqual([
    409,
    {
      type: 'urn:portico:error:workflow_refused',
      title: 'Refused by the workflow',
      status: 409,
      detail: 'too small',
      code: 'workflow_refused',
      requestId: expect.stringMatching(/^req_/),
    },
  ]);
  expect((await runOf(response)).outcome).toBe('responded_error');
  const { endpoint: silent } = await publishWorkflow([{ id: 's', do: 'stop' }]);
  expect((await call(`/u/${silent.path}`, { method: 'POST' })).status).toBe(204);
});

test('the limits of an endpoint are those of its runs', async () => {
  const steps = [
    { id: 'l', do: 'each', items: [1, 2, 3], steps: [{ id: 'v', do: 'set', name: 'x', value: 1 }] },
    respond(1),
  ];
  const { endpoint } = await publishWorkflow(steps, { limits: { rounds: 2 } });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(response.status).toBe(500);
  expect((await runOf(response)).error).toMatchObject({ name: 'LimitError', message: 'more than 2 loop rounds' });
});

test('sensitive parameters and secrets are in no step, whatever they are called there', async () => {
  const name = unique('TOKEN').replaceAll('-', '_').toUpperCase();
  await putSecret(testContext(), name, { value: 'hook-secret-0815', description: '', roles: [] });
  const { endpoint } = await publishWorkflow(
    [
      { id: 'a', do: 'set', name: 'mail', value: { $: 'params.email' } },
      { id: 'b', do: 'set', name: 'text', value: { tpl: 'to {{params.email}}, pin {{params.pin}}' } },
      { id: 'c', do: 'set', name: 'pin', value: { $: 'params.pin' } },
      { id: 'd', do: 'code', with: { x: { secret: name } }, source: 'return { open: input.x }' },
      respond({ $: 'vars' }),
    ],
    {
      secrets: [name],
      parameters: [
        { name: 'email', sensitive: true },
        { name: 'pin', type: 'integer', sensitive: true },
      ],
    },
  );
  const response = await postJson(`/u/${endpoint.path}`, { email: 'ada@example.com', pin: 42 });
  expect(await response.json()).toMatchObject({ mail: 'ada@example.com', pin: 42 });
  const run = await runOf(response);
  expect(run.steps.map(({ id, output }) => [id, output])).toEqual([
    ['a', '[redacted]'],
    ['b', 'to [redacted], pin 42'],
    ['c', '[redacted]'],
    ['d', { open: `[secret ${name}]` }],
    ['answer', undefined],
  ]);
  expect(JSON.stringify(run)).not.toMatch(/ada@example|0815/);
});

test('a source that does not pass the checks is refused, with every error and its place', async () => {
  const source = JSON.stringify(
    {
      kind: 'workflow',
      steps: [
        { id: 'a', do: 'set', name: 'x', value: { $: 'nope' } },
        { id: 'a', do: 'fly' },
      ],
    },
    null,
    1,
  );
  const { status, body } = await callAdmin('POST', '/handlers', {
    token: await adminToken(),
    body: { path: `${unique('bad')}.workflow.json`, source },
  });
  expect([status, body.code]).toEqual([422, 'invalid_source']);
  expect(body.errors).toMatchObject([
    { pointer: '#/source/steps/1/do', code: 'unknown_action', line: 14 },
    { pointer: '#/source/steps/1/id', code: 'duplicate_id' },
    { pointer: '#/source/steps/0/value', code: 'bad_expression', line: 8, column: 13 },
  ]);
  const broken = await callAdmin('POST', '/handlers', {
    token: await adminToken(),
    body: { path: `${unique('bad')}.workflow.json`, source: '{"kind":' },
  });
  expect(broken.body.errors).toMatchObject([{ pointer: '#/source', code: 'invalid_json' }]);
});

test('steps that are sent as an object, not as text, are answered with what to send', async () => {
  const messages = [];
  for (const source of [{ kind: 'workflow', steps: [] }, 5, undefined]) {
    const { status, body } = await callAdmin('POST', '/handlers', {
      token: await adminToken(),
      body: { path: `${unique('bad')}.workflow.json`, source },
    });
    messages.push([status, body.errors]);
  }
  expect(messages).toMatchObject([
    [
      422,
      [
        {
          pointer: '#/source',
          message: expect.stringContaining('send the steps of a workflow or a graph as JSON text'),
        },
      ],
    ],
    [422, [{ pointer: '#/source', message: 'must be text' }]],
    [422, [{ pointer: '#/source', message: 'is required' }]],
  ]);
});

test('warnings come with the answer', async () => {
  const { status, body } = await callAdmin('POST', '/handlers', {
    token: await adminToken(),
    body: {
      path: `${unique('warned')}.workflow.json`,
      source: workflow({ id: 'c', do: 'call', handler: 'not/there.js' }),
    },
  });
  expect([status, body.language]).toEqual([201, 'workflow']);
  expect(body.warnings).toMatchObject([
    { code: 'no_response', pointer: '#/source/steps' },
    { code: 'maybe_missing', message: 'handler not/there.js does not exist yet' },
  ]);
});

test('a workflow calls other handlers, for the same caller, and learns no more than a caller would', async () => {
  const plain = await saveHandler(
    'export default ({ n }, ctx) => { console.log("n is", n); return { double: n * 2, by: ctx.caller.kind } }',
  );
  const failing = await saveHandler('export async function handler() { throw new Error("inner reason") }');
  const inner = await saveHandler(
    workflow(
      { id: 'c', do: 'call', handler: plain.path, with: { n: { $: 'params.n + 1' } } },
      respond({ $: 'steps.c' }, { status: 201 }),
    ),
    `${unique('inner')}.workflow.json`,
  );
  const { endpoint } = await publishWorkflow([
    { id: 'one', do: 'call', handler: inner.path, with: { n: 1 } },
    {
      id: 't',
      do: 'try',
      steps: [{ id: 'two', do: 'call', handler: failing.path }],
      catch: [{ id: 'e', do: 'set', name: 'e', value: { $: 'error' } }],
    },
    respond({ one: { $: 'steps.one' }, e: { $: 'vars.e ?? null' } }),
  ]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.json()).toMatchObject({
    one: { double: 4, by: 'anonymous' },
    e: { message: `${failing.path} answered 500`, cause: { status: 500, body: { code: 'handler_error' } } },
  });
  const run = await runOf(response);
  expect(run.logs.map(({ level, message }) => [level, message])).toEqual([
    ['info', `[${inner.path}] [${plain.path}] n is 2`],
    ['error', `[${failing.path}] Error: inner reason`],
  ]);
});

test('parameters of a call arrive unchanged: undefined is left out, a value without a JSON form fails the step', async () => {
  const callee = await saveHandler('export default (params) => ({ names: Object.keys(params), at: params.at })');
  const attempt = async (params: object): Promise<unknown> => {
    const step = { id: 'c', do: 'call', handler: callee.path, with: params };
    const { endpoint } = await publishWorkflow([step, respond({ $: 'steps.c' })]);
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    return response.status === 200 ? response.json() : (await runOf(response)).error?.message;
  };
  expect(await attempt({ a: { $: 'params.none' }, b: null, at: { $: 'new Date(0)' } })).toEqual({
    names: ['b', 'at'],
    at: '1970-01-01T00:00:00.000Z',
  });
  expect(await attempt({ a: { $: 'Number("x")' } })).toBe('with.a is NaN; write a finite number, or null for no value');
  expect(await attempt({ a: { $: '({ list: [params.none] })' } })).toBe('with.a.list[0] is undefined; give it a value');
  for (const whole of ['null', '[1]', '"a"'])
    expect(await attempt({ $: whole })).toBe('with must be an object of parameters by name');
});

test('handlers that call one another in a circle are refused at save', async () => {
  const path = `${unique('a')}.workflow.json`;
  const a = await saveHandler(workflow(respond(1)), path);
  const b = await saveHandler(
    workflow({ id: 'c', do: 'call', handler: path }, respond(1)),
    `${unique('b')}.workflow.json`,
  );
  await expect(saveVersion(a, workflow({ id: 'c', do: 'call', handler: b.path }, respond(1)))).rejects.toMatchObject({
    code: 'invalid_source',
    extra: { issues: [{ code: 'middleware_cycle', pointer: '#/source/steps/0/handler' }] },
  });
});

test('a workflow that runs out of time leaves its steps, the last of them still running', async () => {
  const steps = [
    { id: 'first', do: 'set', name: 'a', value: 1 },
    { id: 'wait', do: 'sleep', ms: 30_000 },
  ];
  let ended: [string, string][] = [];
  // On a busy machine, the start of the isolate can outlast a short time limit.
  for (const timeoutMs of [200, 2000, 10_000]) {
    const { endpoint } = await publishWorkflow([...steps, respond(1)], { limits: { timeoutMs } });
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    const run = await runOf(response);
    expect([response.status, run.outcome]).toEqual([504, 'timeout']);
    ended = run.steps.map(({ id, outcome }) => [id, outcome]);
    if (ended.length === steps.length) break;
  }
  expect(ended).toEqual([
    ['first', 'success'],
    ['wait', 'running'],
  ]);
});
