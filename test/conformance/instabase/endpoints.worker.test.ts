import { describe, expect, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { instabase, saveScript, setUpInstabase, wrong } from '../../support/instabase';
import { call, postJson, publish, runOf, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

/* Endpoints that the API of Instabase makes, shows, triggers and deletes. Numbers are those of docs/compat/instabase.md. */

const { HELLO, ECHO, token, caller, make } = await setUpInstabase();

describe('I2: PUT /<id>', () => {
  test('takes JSON under any content type', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const body = { path: unique('p'), handler_script_path: ECHO };
      const answer = await instabase('PUT', `/${unique('id')}`, { token, body, headers: { 'content-type': type } });
      expect(answer.status, type).toBe(201);
    }
  });

  test('accepts the id in the body when it equals the id in the path', async () => {
    const body = { id: 'twice-said', path: unique('p'), handler_script_path: ECHO };
    expect((await instabase('PUT', '/twice-said', { token, body })).status).toBe(201);
    expect(await instabase('PUT', '/other', { token, body })).toMatchObject(
      wrong(400, 'invalid_input', expect.stringContaining('id: must be the id in the URL')),
    );
  });

  test('an id is any text that needs no escaping in a URL, up to 128 characters', async () => {
    const put = async (id: string) =>
      (await instabase('PUT', `/${id}`, { token, body: { path: unique('p'), handler_script_path: ECHO } })).status;
    const longest = `a.b_c~d-${'9'.repeat(120)}`;
    expect(await put(longest)).toBe(201);
    expect((await callAdmin('GET', `/endpoints/${longest}`, { token: await adminToken() })).body.id).toBe(longest);
    const newest = await callAdmin('GET', '/endpoints?limit=1', { token: await adminToken() });
    expect(newest.body).toMatchObject({
      items: [{ id: longest }],
      nextCursor: expect.stringContaining(longest) as unknown,
    });
    const cursor = encodeURIComponent(String(newest.body.nextCursor));
    expect((await callAdmin('GET', `/endpoints?cursor=${cursor}`, { token: await adminToken() })).status).toBe(200);
    for (const id of [`${longest}x`, 'a%20b', 'a%2Fb', '%C3%A9', 'a%00']) expect(await put(id), id).toBe(400);
  });
});

test.each(['a/b', 'hello world', 'é', 'a.b', '', 'x'.repeat(65), 'list', 'u', 'ADMIN'])(
  'I3: the path %j is refused',
  async (path) => {
    const body = { path, handler_script_path: ECHO };
    expect(await instabase('PUT', `/${unique('id')}`, { token, body })).toMatchObject({
      status: 400,
      body: { status: 'ERROR', msg: expect.stringMatching(/^path: /) as unknown },
    });
  },
);

describe('I4: handler_script_path is a script that is there and defines handler', () => {
  const put = (script: unknown) =>
    instabase('PUT', `/${unique('id')}`, { token, body: { path: unique('p'), handler_script_path: script } });

  test('a script that is not there is refused', async () => {
    const answer = await put('/jaydoe/gone.py');
    expect(answer).toMatchObject(wrong(400, 'invalid_input', 'handler_script_path: handler not found'));
  });

  test('a script without a function handler is refused, also as a change', async () => {
    const named = await saveScript(`/i4/${unique('named')}.py`, 'def f(a):\n  return a\nresult = f\n');
    const message = 'handler_script_path: must be a file that defines a function named handler';
    expect(await put(named)).toMatchObject(wrong(400, 'invalid_input', message));
    const { id } = await make();
    const changed = await instabase('PATCH', `/${id}`, { token, body: { handler_script_path: named } });
    expect(changed).toMatchObject(wrong(400, 'invalid_input', message));
  });

  test.each(['', 'no-extension', 5, null])('%j is refused', async (script) => {
    expect((await put(script)).status).toBe(400);
  });
});

test('I6, T8: every method triggers, POST among them', async () => {
  const { path } = await make();
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'OPTIONS']) {
    expect(await instabase(method, `/u/${path}`, { token })).toMatchObject({ status: 200, text: `${method} ` });
  }
  const head = await instabase('HEAD', `/u/${path}`, { token });
  expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
    200,
    '',
    expect.stringContaining('text/plain'),
  ]);
});

test('I9: DELETE answers 200 with JSON, and the endpoint is gone', async () => {
  const { id, path } = await make();
  const gone = await instabase('DELETE', `/${id}`, { token });
  expect([gone.status, gone.body]).toEqual([200, {}]);
  expect((await instabase('GET', `/u/${path}`, { token })).status).toBe(404);
  expect(await instabase('DELETE', `/${id}`, { token })).toMatchObject(wrong(404, 'not_found'));
});

test('I9: an id given again after a deletion starts with nothing of the endpoint before', async () => {
  const { id, path } = await make(
    await saveScript(`/i9/${unique('count')}.js`, 'let n = 0; export const handler = () => String(++n)'),
  );
  const admin = { token: await adminToken() };
  const share = () => callAdmin('PATCH', `/endpoints/${id}`, { ...admin, body: { shareInstance: true } });
  await share();
  const text = async () => (await instabase('GET', `/u/${path}`, { token })).text;
  expect([await text(), await text()]).toEqual(['1', '2']);
  await instabase('DELETE', `/${id}`, { token });
  await instabase('PUT', `/${id}`, { token, body: { path, handler_script_path: ECHO } });
  await share();
  expect(await text()).toBe('GET ');
});

test('I11: GET /<id> shows id, path, script and state', async () => {
  const { id, path } = await make(HELLO);
  const entry = { id, path, handler_script_path: HELLO, state: 'ENABLED' };
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual(entry);
  await instabase('PATCH', `/${id}`, { token, body: { enabled: false } });
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual({ ...entry, state: 'DISABLED' });
});

describe('I13, T10: conflicts and reserved words', () => {
  test('an id twice, a path twice: 409', async () => {
    const { id, path } = await make();
    const put = (to: string, at: string) =>
      instabase('PUT', `/${to}`, { token, body: { path: at, handler_script_path: ECHO } });
    expect(await put(id, unique('p'))).toMatchObject(wrong(409, 'name_taken'));
    expect(await put(unique('id'), path)).toMatchObject(wrong(409, 'path_taken'));
    // Both are taken: the id is what the URL names.
    expect(await put(id, path)).toMatchObject({
      ...wrong(409, 'name_taken'),
      text: expect.stringContaining(`id ${id}`),
    });
    const other = await make();
    const moved = await instabase('PATCH', `/${other.id}`, { token, body: { path } });
    expect(moved).toMatchObject(wrong(409, 'path_taken'));
  });

  test('two concurrent creations make one', async () => {
    const body = { path: unique('p'), handler_script_path: ECHO };
    const put = () => instabase('PUT', `/${unique('id')}`, { token, body });
    const both = await Promise.all([put(), put()]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  test.each(['list', 'u', 'LIST'])('no endpoint has the id %s', async (id) => {
    const answer = await instabase('PUT', `/${id}`, { token, body: { path: unique('p'), handler_script_path: ECHO } });
    expect(answer).toMatchObject(wrong(400, 'invalid_parameter', 'id: is reserved'));
  });
});

test('I14: a disabled endpoint is not there, until it is enabled again', async () => {
  const { id, path } = await make();
  const enable = (enabled: boolean) => instabase('PATCH', `/${id}`, { token, body: { enabled } });
  const status = async () => (await instabase('GET', `/u/${path}`, { token })).status;
  await enable(false);
  expect(await instabase('GET', `/u/${path}`, { token })).toMatchObject(wrong(404, 'not_found', 'Endpoint not found.'));
  expect(await status()).toBe(404);
  await enable(true);
  expect(await status()).toBe(200);
});

describe('an endpoint made here is an endpoint everywhere, and the other way round', () => {
  test('the native API shows it with its rules, /u/ serves it, and its run is in the history', async () => {
    const { id, path } = await make();
    const admin = { token: await adminToken() };
    expect((await callAdmin('GET', `/endpoints/${id}`, admin)).body).toMatchObject({
      id,
      path,
      handler: { path: ECHO, version: null },
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      instance: 'pooled',
      access: { level: 'authenticated', keys: [] },
      response: { types: ['application/json', 'text/plain'] },
      url: `https://portico.test/u/${path}`,
    });
    const native = await call(`/u/${path}`, { headers: { authorization: `Bearer ${caller}` } });
    expect(await native.text()).toBe('GET ');
    const there = await instabase('GET', `/u/${path}?x=1`, { token: caller });
    expect(await runOf(new Response(null, { headers: there.headers }))).toMatchObject({
      endpointId: id,
      caller: { kind: 'token' },
      request: { method: 'GET', path: `/api/v1/http-endpoint/u/${path}` },
    });
    expect((await callAdmin('DELETE', `/endpoints/${id}`, admin)).status).toBe(204);
    expect((await instabase('GET', `/${id}`, { token })).status).toBe(404);
  });

  test('a native endpoint is listed, changed and triggered here under its own rules', async () => {
    const { endpoint, handler } = await publish('export default ({ a }) => ({ a })', { methods: ['POST'] });
    expect((await instabase('GET', `/${endpoint.id}`, { token })).body).toEqual({
      id: endpoint.id,
      path: endpoint.path,
      handler_script_path: handler.path,
      state: 'ENABLED',
    });
    const trigger = await postJson(`/api/v1/http-endpoint/u/${endpoint.path}`, { a: 1 });
    expect([trigger.status, await trigger.json()]).toEqual([200, { a: 1 }]);
    const refused = await instabase('GET', `/u/${endpoint.path}`);
    expect(refused).toMatchObject(wrong(405, 'method_not_allowed'));
    expect(refused.headers.get('allow')).toBe('POST');
    await instabase('PATCH', `/${endpoint.id}`, { token, body: { enabled: false } });
    expect((await postJson(`/u/${endpoint.path}`, { a: 1 })).status).toBe(404);
  });
});

test('not found has the error format of this wire', async () => {
  expect(await instabase('GET', '/a/b/c', { token })).toMatchObject(wrong(404, 'not_found'));
  const post = await instabase('POST', '/some-id', { token, body: {} });
  expect(post).toMatchObject(wrong(405, 'method_not_allowed'));
  expect(post.headers.get('allow')).toBe('GET, PUT, PATCH, DELETE');
});
