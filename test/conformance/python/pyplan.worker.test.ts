import { describe, expect, test } from 'vitest';
import sample from '../../fixtures/python/pyplan.py?raw';
import sampleWithPandas from '../../fixtures/python/pyplan-pandas.py?raw';
import { callAdmin } from '../../support/admin-api';
import { call, postJson, runOf, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

const token = await adminToken();

/** A request of an admin, which must be answered with `status`. */
async function admin(method: string, path: string, status: number, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await callAdmin(method, path, { token, ...(body === undefined ? {} : { body }) });
  if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** A node of the application, by the path of its source. */
async function node(source: string, extension = 'py'): Promise<{ id: string; path: string }> {
  const path = `app/${unique('node')}.${extension}`;
  return (await admin('POST', '/handlers', 201, { path, source })) as { id: string; path: string };
}

interface Made {
  id: string;
  path: string;
  url: string;
  instance: string;
  shareInstance: boolean;
  executor: string;
}
/** "Get API Endpoint" on a node: open to all unless the options say otherwise. */
const getEndpoint = async (handler: { path: string }, options: object = {}): Promise<Made> =>
  (await admin('POST', '/endpoints', 201, {
    handler: { path: handler.path },
    access: { level: 'public' },
    ...options,
  })) as unknown as Made;

const change = async (endpoint: Made, fields: object): Promise<Made> =>
  (await admin('PATCH', `/endpoints/${endpoint.id}`, 200, fields)) as unknown as Made;

const makeKey = async (fields: object = {}) =>
  (await admin('POST', '/keys', 201, { alias: unique('key'), ...fields })) as {
    id: string;
    key: string;
    alias: string;
  };

/** Calls an endpoint with a JSON body and answers the status and what the body says. */
async function post(
  endpoint: Made,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<[number, unknown]> {
  const response = await postJson(`/u/${endpoint.path}`, body, headers);
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return [response.status, isJson ? JSON.parse(text) : text];
}

/** JavaScript where a test is about endpoints: it starts faster. */
const HELLO = await node('export default () => "hello"', 'js');
const COUNTER = 'let n = 0; export default () => ++n';

const PEOPLE = {
  '0': { Name: 'Ann', Age: 25, City: 'New York' },
  '1': { Name: 'Bea', Age: 30, City: 'Los Angeles' },
  '2': { Name: 'Alice', Age: 35, City: 'Chicago' },
  '3': { Name: 'Bob', Age: 40, City: 'Houston' },
};
const SAMPLE = await node(sample);

describe('P1: a node whose result is a function', () => {
  test('the sample, without pandas, is fed by name', async () => {
    expect(await post(await getEndpoint(SAMPLE), { name2: 'Bea', name1: 'Ann' })).toEqual([200, PEOPLE]);
  });

  test('the sample as printed fails with an error that pandas is not available', async () => {
    const endpoint = await getEndpoint(await node(sampleWithPandas));
    const response = await postJson(`/u/${endpoint.path}`, { name1: 'Ann', name2: 'Bea' });
    expect(response.status).toBe(500);
    expect((await runOf(response)).error?.message).toMatch(/pandas.*packages that the script declares/);
  });

  test('a function may take nothing', async () => {
    const endpoint = await getEndpoint(await node('def _fn():\n    return "[1]"\nresult = _fn\n'));
    expect(await post(endpoint)).toEqual([200, [1]]);
  });

  test('a missing and an unexpected parameter are the caller’s 422, and the function does not run', async () => {
    const endpoint = await getEndpoint(SAMPLE);
    const response = await postJson(`/u/${endpoint.path}`, { name1: 'Ann', name3: 'x' });
    expect([response.status, await response.json()]).toMatchObject([
      422,
      {
        code: 'invalid_parameters',
        errors: [
          { pointer: '#/body/name2', code: 'missing_parameter' },
          { pointer: '#/body/name3', code: 'unexpected_parameter' },
        ],
      },
    ]);
    expect((await runOf(response)).outcome).toBe('rejected');
  });

  test('a node without a function is refused when it is saved', async () => {
    const answer = await callAdmin('POST', '/handlers', {
      token,
      body: { path: `${unique('x')}.py`, source: 'df = 1\n' },
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_source']);
  });
});

test('P2: a returned JSON string goes out as JSON, untouched; a value as JSON; nothing as 204', async () => {
  const returning =
    'def _fn(what):\n    return {"text": \'{"b": 1,  "a": 2}\', "dict": {"b": 2**70}, "plain": "hi"}.get(what)\nresult = _fn\n';
  const { path } = await getEndpoint(await node(returning));
  const answer = async (what: string) => {
    const response = await postJson(`/u/${path}`, { what });
    return [response.status, response.headers.get('content-type'), await response.text()];
  };
  expect(await answer('text')).toEqual([200, 'application/json', '{"b": 1,  "a": 2}']);
  expect(await answer('dict')).toEqual([200, 'application/json', expect.stringContaining('1180591620717411303424')]);
  expect(await answer('plain')).toEqual([200, expect.stringContaining('text/plain'), 'hi']);
  expect(await answer('nothing')).toEqual([204, null, '']);
});

test('P3: one request makes an endpoint; its answer has the URL, which works, and the share toggle', async () => {
  const made = await getEndpoint(HELLO);
  expect(made).toMatchObject({ url: `https://portico.test/u/${made.path}`, shareInstance: false });
  const response = await call(new URL(made.url).pathname, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([200, 'hello']);
});

describe('P4: share instance', () => {
  const three = async (endpoint: Made) => [
    ...(await Promise.all([post(endpoint), post(endpoint)])).map(([, n]) => n).toSorted(),
    (await post(endpoint))[1],
  ];

  test('on: one instance serves all calls', async () => {
    const endpoint = await getEndpoint(await node(COUNTER, 'js'), { shareInstance: true });
    expect([endpoint.instance, endpoint.shareInstance]).toEqual(['shared', true]);
    expect(await three(endpoint)).toEqual([1, 2, 3]);
  });

  test('off: each call gets a new one', async () => {
    const endpoint = await getEndpoint(await node(COUNTER, 'js'), { shareInstance: false });
    expect([endpoint.instance, endpoint.shareInstance]).toEqual(['per-call', false]);
    expect(await three(endpoint)).toEqual([1, 1, 1]);
  });

  test('a Python instance is shared or new by the same setting', async () => {
    const counter = await node('n = 0\ndef _fn():\n    global n\n    n += 1\n    return n\nresult = _fn\n');
    const endpoint = await getEndpoint(counter, { shareInstance: true });
    expect([await post(endpoint), await post(endpoint)]).toEqual([
      [200, 1],
      [200, 2],
    ]);
    await change(endpoint, { shareInstance: false });
    expect([await post(endpoint), await post(endpoint)]).toEqual([
      [200, 1],
      [200, 1],
    ]);
  });
});

test('P5: only the default version is served; deploying another one and rolling back take effect', async () => {
  const handler = await node('export default () => 1', 'js');
  const endpoint = await getEndpoint(handler);
  const draft = { source: 'export default () => 2', deploy: false };
  await admin('POST', `/handlers/${handler.id}/versions`, 201, draft);
  expect(await post(endpoint)).toEqual([200, 1]);
  await admin('PUT', `/handlers/${handler.id}/default`, 200, { version: 2 });
  expect(await post(endpoint)).toEqual([200, 2]);
  await admin('PUT', `/handlers/${handler.id}/default`, 200, { version: 1 });
  expect(await post(endpoint)).toEqual([200, 1]);
});

describe('P6, T1: POST, with the parameters in the body', () => {
  const form = () => {
    const data = new FormData();
    data.set('name2', 'Bea');
    data.set('name1', 'Ann');
    return data;
  };
  /** The same parameters in every way that callers send them. */
  const BODIES: [string, () => Promise<RequestInit>][] = [
    [
      'a JSON object',
      async () => ({ headers: { 'content-type': 'application/json' }, body: '{"name2":"Bea","name1":"Ann"}' }),
    ],
    ['a multipart form', async () => ({ body: form() })],
    ['a urlencoded form', async () => ({ body: new URLSearchParams({ name2: 'Bea', name1: 'Ann' }) })],
    [
      'T1: a multipart form that claims to be JSON',
      async () => ({
        headers: { 'content-type': 'application/json' },
        body: await new Response(form()).arrayBuffer(),
      }),
    ],
    [
      'T1: a urlencoded form that claims to be JSON',
      async () => ({ headers: { 'content-type': 'application/json' }, body: 'name2=Bea&name1=Ann' }),
    ],
  ];

  test.each(BODIES)('%s feeds the function by name', async (_, init) => {
    const endpoint = await getEndpoint(await node('export default ({ name1, name2 }) => [name1, name2]', 'js'));
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', ...(await init()) });
    expect([response.status, await response.json()]).toEqual([200, ['Ann', 'Bea']]);
  });

  test('a form feeds the Python sample, too', async () => {
    const endpoint = await getEndpoint(SAMPLE);
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', body: form() });
    expect([response.status, await response.json()]).toEqual([200, PEOPLE]);
  });

  test('the body is optional, and another method is a 405', async () => {
    const endpoint = await getEndpoint(HELLO);
    expect((await call(`/u/${endpoint.path}`, { method: 'POST' })).status).toBe(200);
    const get = await call(`/u/${endpoint.path}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('P7: x-api-key is asked for only where a key is assigned', async () => {
  const endpoint = await getEndpoint(HELLO);
  expect(await post(endpoint)).toEqual([200, 'hello']);
  const key = await makeKey();
  await change(endpoint, { access: { level: 'key', keys: [key.id] } });
  expect(await post(endpoint)).toMatchObject([401, {}]);
  expect(await post(endpoint, {}, { 'x-api-key': key.key })).toEqual([200, 'hello']);
});

test('P7: an endpoint without an access setting is closed; public is explicit', async () => {
  const made = await admin('POST', '/endpoints', 201, { handler: { path: HELLO.path } });
  expect(made).toMatchObject({ access: { level: 'key', keys: [] } });
  expect((await postJson(`/u/${String(made.path)}`, {})).status).toBe(401);
});

test('P8: the endpoints of an application are listed, edited and deleted', async () => {
  const folder = unique('app');
  const [one, two] = [await getEndpoint(HELLO, { folder }), await getEndpoint(HELLO, { folder })];
  const listed = async () =>
    ((await admin('GET', `/endpoints?folder=${folder}`, 200)).items as Made[]).map(({ id }) => id);
  expect((await listed()).toSorted()).toEqual([one.id, two.id].toSorted());
  expect(await change(one, { title: 'Prices' })).toMatchObject({ title: 'Prices' });
  await admin('DELETE', `/endpoints/${two.id}`, 204);
  expect(await listed()).toEqual([one.id]);
});

describe('P9: what can be edited', () => {
  test('common instance, under both names', async () => {
    const endpoint = await getEndpoint(HELLO);
    const asked = async (fields: object) => {
      const { instance, shareInstance } = await change(endpoint, fields);
      return [instance, shareInstance];
    };
    expect([endpoint.instance, endpoint.shareInstance]).toEqual(['pooled', false]);
    expect(await asked({ shareInstance: true })).toEqual(['shared', true]);
    expect(await asked({ title: 'x' })).toEqual(['shared', true]);
    expect(await asked({ shareInstance: false })).toEqual(['per-call', false]);
    expect(await asked({ instance: 'pooled', shareInstance: false })).toEqual(['pooled', false]);
    expect(await asked({ instance: 'shared', shareInstance: true })).toEqual(['shared', true]);
    expect(await asked({ instance: 'per-call' })).toEqual(['per-call', false]);
    // A pooled endpoint is not shared: to send that back makes it no other one.
    expect(await asked({ instance: 'pooled' })).toEqual(['pooled', false]);
    expect(await asked({ shareInstance: false })).toEqual(['pooled', false]);
  });

  test.each([
    { instance: 'shared', shareInstance: false },
    { instance: 'per-call', shareInstance: true },
    { instance: 'pooled', shareInstance: true },
    { shareInstance: 'yes' },
  ])('422 for contradictory or malformed %j', async (fields) => {
    const endpoint = await getEndpoint(HELLO);
    const patched = await callAdmin('PATCH', `/endpoints/${endpoint.id}`, { token, body: fields });
    const created = await callAdmin('POST', '/endpoints', {
      token,
      body: { handler: { path: HELLO.path }, ...fields },
    });
    for (const { status, body } of [patched, created])
      expect([status, body]).toMatchObject([422, { errors: [{ pointer: '#/shareInstance' }] }]);
  });

  test('active, custom endpoint, executor and API key', async () => {
    const endpoint = await getEndpoint(HELLO);
    const executor = await createUser(unique('executor'), ['developer']);
    const key = await makeKey();
    const path = unique('custom');
    const fields = { active: false, path, executor: executor.id, access: { level: 'key', keys: [key.id] } };
    const changed = await change(endpoint, fields);
    expect(changed).toMatchObject({ ...fields, url: `https://portico.test/u/${path}` });
    expect(await admin('GET', `/endpoints/${endpoint.id}`, 200)).toMatchObject(fields);
  });
});

test('P10: a deleted endpoint is gone; the node stays', async () => {
  const endpoint = await getEndpoint(HELLO);
  await admin('DELETE', `/endpoints/${endpoint.id}`, 204);
  expect((await post(endpoint))[0]).toBe(404);
  await admin('GET', `/handlers/${HELLO.id}`, 200);
});

test('P11: keys are created, listed, edited and deleted; one that is in use is not deleted by mistake', async () => {
  const key = await makeKey();
  const aliases = async () =>
    ((await admin('GET', '/keys?limit=100', 200)).items as { alias: string }[]).map(({ alias }) => alias);
  expect(await aliases()).toContain(key.alias);
  expect(await admin('PATCH', `/keys/${key.id}`, 200, { alias: 'Partner' })).toMatchObject({ alias: 'Partner' });
  const endpoint = await getEndpoint(HELLO, { access: { level: 'key', keys: [key.id] } });
  expect(await admin('DELETE', `/keys/${key.id}`, 409)).toMatchObject({ code: 'in_use' });
  await admin('DELETE', `/endpoints/${endpoint.id}`, 204);
  await admin('DELETE', `/keys/${key.id}`, 204);
  expect(await aliases()).not.toContain('Partner');
});

describe('P12, T13: active, alias and key', () => {
  test('the value is in the answer that creates or replaces it, and in no other', async () => {
    const key = await makeKey({ alias: 'ERP' });
    expect(key).toMatchObject({ alias: 'ERP', active: true, key: expect.stringMatching(/^ptk_/) as unknown });
    const shown = await callAdmin('GET', `/keys/${key.id}`, { token });
    const listed = await callAdmin('GET', '/keys?limit=100', { token });
    const edited = await callAdmin('PATCH', `/keys/${key.id}`, { token, body: { alias: 'ERP 2', active: false } });
    for (const { text } of [shown, listed, edited]) expect(text).not.toContain(key.key);
    const custom = 'Pyplan-custom_value-0123456789-abcdef';
    const replaced = await admin('PATCH', `/keys/${key.id}`, 200, { key: custom });
    expect(replaced.key).toBe(custom);
    expect((await callAdmin('GET', `/keys/${key.id}`, { token })).text).not.toContain(custom);
    expect((await callAdmin('GET', `/audit?objectId=${key.id}`, { token })).text).not.toContain(custom);
  });

  test('a custom value works once it is set, and the former value is refused', async () => {
    const key = await makeKey();
    const endpoint = await getEndpoint(HELLO, { access: { level: 'key', keys: [key.id] } });
    const status = async (value: string) => (await post(endpoint, {}, { 'x-api-key': value }))[0];
    expect(await status(key.key)).toBe(200);
    const custom = 'Another-custom_value-0123456789-abcdef';
    await admin('PATCH', `/keys/${key.id}`, 200, { key: custom });
    expect([await status(custom), await status(key.key)]).toEqual([200, 401]);
  });
});

test('P13: one key, made before, is assigned to several endpoints by editing them', async () => {
  const key = await makeKey();
  const other = await makeKey();
  const endpoints = [await getEndpoint(HELLO), await getEndpoint(HELLO)];
  for (const endpoint of endpoints) await change(endpoint, { access: { level: 'key', keys: [key.id] } });
  for (const endpoint of endpoints) {
    expect((await post(endpoint, {}, { 'x-api-key': key.key }))[0]).toBe(200);
    expect(await post(endpoint, {}, { 'x-api-key': other.key })).toMatchObject([403, expect.anything()]);
  }
});

test('P14: a key and an endpoint can be switched off and on again', async () => {
  const key = await makeKey();
  const endpoint = await getEndpoint(HELLO, { access: { level: 'key', keys: [key.id] } });
  const status = async () => (await post(endpoint, {}, { 'x-api-key': key.key }))[0];
  const switchKey = (active: boolean) => admin('PATCH', `/keys/${key.id}`, 200, { active });
  expect(await status()).toBe(200);
  await switchKey(false);
  expect(await status()).toBe(401);
  await switchKey(true);
  expect(await status()).toBe(200);
  await change(endpoint, { active: false });
  expect(await status()).toBe(404);
  await change(endpoint, { active: true });
  expect(await status()).toBe(200);
});

test('P15: a custom name is the new URL, the old one ends, and no two endpoints have the same', async () => {
  const [endpoint, other] = [await getEndpoint(HELLO), await getEndpoint(HELLO)];
  const path = unique('Prices_2024');
  const renamed = await change(endpoint, { path });
  expect([(await post(endpoint))[0], (await post(renamed))[0]]).toEqual([404, 200]);
  const taken = await callAdmin('PATCH', `/endpoints/${other.id}`, { token, body: { path } });
  expect([taken.status, taken.body.code]).toEqual([409, 'path_taken']);
});

/** Says whom it runs as; counts its calls where its instance lives on. */
const WHO = await node(
  'let calls = 0; export default (_, ctx) => ({ calls: ++calls, executor: ctx.executor, secrets: ctx.env })',
  'js',
);

describe('P16: the executor', () => {
  test('the handler receives the name and roles of its executor, and the secrets that they permit', async () => {
    await admin('PUT', '/secrets/PAYROLL', 200, { value: 'secret value of payroll', roles: ['operator'] });
    const executor = await createUser(unique('runner'), ['operator']);
    const endpoint = await getEndpoint(WHO, { secrets: ['PAYROLL'], executor: executor.id });
    expect(await post(endpoint)).toMatchObject([
      200,
      {
        executor: { id: executor.id, name: executor.name, roles: ['operator'] },
        secrets: { PAYROLL: 'secret value of payroll' },
      },
    ]);
    await admin('PATCH', `/users/${executor.id}`, 200, { roles: ['viewer'] });
    const refused = await postJson(`/u/${endpoint.path}`, {});
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'not_configured' }]);
    expect((await runOf(refused)).error?.message).toContain('do not permit the secret PAYROLL');
  });

  test('a disabled executor is 503, and the handler does not run as another user', async () => {
    const executor = await createUser(unique('leaver'), ['developer']);
    const endpoint = await getEndpoint(WHO, { executor: executor.id, shareInstance: true });
    const enable = (active: boolean) => admin('PATCH', `/users/${executor.id}`, 200, { active });
    expect((await post(endpoint))[0]).toBe(200);
    await enable(false);
    for (let i = 0; i < 2; i++) {
      const response = await postJson(`/u/${endpoint.path}`, {});
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'executor_disabled' }]);
      expect(await runOf(response)).toMatchObject({ outcome: 'rejected', executor: executor.id });
    }
    const tried = await callAdmin('POST', `/endpoints/${endpoint.id}/test`, { token, body: {} });
    expect([tried.status, tried.body.code]).toEqual([503, 'executor_disabled']);
    await enable(true);
    // More than 2 if one of the refused calls had run.
    expect(await post(endpoint)).toMatchObject([200, { calls: 2, executor: { id: executor.id } }]);
  });

  test('cannot be deleted while an endpoint runs as that user', async () => {
    const executor = await createUser(unique('stays'), ['developer']);
    const endpoint = await getEndpoint(HELLO, { executor: executor.id });
    expect(await admin('DELETE', `/users/${executor.id}`, 409)).toMatchObject({ code: 'in_use' });
    await admin('DELETE', `/endpoints/${endpoint.id}`, 204);
    await admin('DELETE', `/users/${executor.id}`, 204);
  });

  test('is set by an admin, that user, or a user with all of its roles, and defaults to the creator', async () => {
    const [mine, theirs] = [unique('mine'), unique('theirs')];
    const [me, other] = [await createUser(mine, ['developer']), await createUser(theirs, ['developer', 'operator'])];
    const { accessToken } = await signIn(mine);
    const make = (executor?: string) =>
      callAdmin('POST', '/endpoints', { token: accessToken, body: { handler: { path: HELLO.path }, executor } });
    expect((await make(other.id)).status).toBe(403);
    expect((await make()).body.executor).toBe(me.id);
    const endpoint = await getEndpoint(HELLO, { executor: me.id });
    const given = await callAdmin('PATCH', `/endpoints/${endpoint.id}`, {
      token: accessToken,
      body: { executor: other.id },
    });
    expect(given.status).toBe(403);
    expect(await change(endpoint, { executor: other.id })).toMatchObject({ executor: other.id });
  });
});
