import { describe, expect, test } from 'vitest';
import { instabaseRoutes } from '../../../src/http/instabase/endpoints.routes';
import sample from '../../fixtures/python/instabase.py?raw';
import { callAdmin } from '../../support/admin-api';
import { instabase, makeToken, saveScript } from '../../support/instabase';
import { call, postJson, publish, runOf, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

/** The document's own path, spaces and all. */
const HELLO = await saveScript('/jaydoe/my_repo/fs/Instabase Drive/handlers/hello.py', sample);
const ECHO = await saveScript(
  '/jaydoe/my_repo/fs/Instabase Drive/handlers/echo.js',
  'export const handler = async (request) => `${request.method} ${await request.text()}`',
);
const { token } = await makeToken(['developer']);
const { token: caller } = await makeToken();

/** An endpoint made with PUT, and its two names. */
async function make(script: string = ECHO): Promise<{ id: string; path: string }> {
  const [id, path] = [unique('id'), unique('path')];
  const made = await instabase('PUT', `/${id}`, { token, body: { path, handler_script_path: script } });
  if (made.status !== 201) throw new Error(`PUT answered ${made.status}: ${made.text}`);
  return { id, path };
}

const wrong = (status: number, code: string, msg: unknown = expect.any(String)) => ({
  status,
  body: { status: 'ERROR', code, msg, request_id: expect.stringMatching(/^req_/) as unknown },
});

describe('I1: management below /api/v1/http-endpoint, triggers below /u/, a Bearer token on both', () => {
  const { id, path } = { id: 'i1', path: 'i1' };

  test('a request without a token is refused', async () => {
    const body = { path, handler_script_path: ECHO };
    for (const route of instabaseRoutes) {
      const [method, to] = [
        route.method === 'all' ? 'POST' : route.method.toUpperCase(),
        route.path.replace(':id', id),
      ];
      const sent = method === 'GET' ? {} : { body };
      expect(await instabase(method, to, sent), `${method} ${to}`).toMatchObject(wrong(401, 'auth_required'));
      expect(await instabase(method, to, { ...sent, token: 'abc' })).toMatchObject(wrong(401, 'invalid_token'));
    }
    expect(await instabase('GET', `/${id}`, { token })).toMatchObject(wrong(404, 'not_found'));
    const trigger = await instabase('GET', `/u/${(await make()).path}`);
    expect(trigger).toMatchObject(wrong(401, 'auth_required'));
    expect(trigger.headers.get('www-authenticate')).toBe('Bearer realm="portico"');
  });

  test('a named token opens management and triggers; an access token of the admin API opens management only', async () => {
    const made = await make();
    expect(await instabase('POST', `/u/${made.path}`, { token, body: 'x' })).toMatchObject({
      status: 200,
      text: 'POST x',
    });
    const access = await adminToken();
    expect((await instabase('GET', `/${made.id}`, { token: access })).status).toBe(200);
    expect(await instabase('GET', `/u/${made.path}`, { token: access })).toMatchObject(wrong(401, 'invalid_token'));
  });

  test('a token does what its roles permit, and the native admin API takes none', async () => {
    const { id: made } = await make();
    const as = async (...roles: string[]) => (await makeToken(roles)).token;
    const statuses = async (bearer: string) => [
      (await instabase('GET', `/${made}`, { token: bearer })).status,
      (await instabase('PATCH', `/${made}`, { token: bearer, body: { enabled: true } })).status,
      (await instabase('PATCH', `/${made}`, { token: bearer, body: { path: unique('p') } })).status,
    ];
    expect(await statuses(await as())).toEqual([403, 403, 403]);
    expect(await statuses(await as('viewer'))).toEqual([200, 403, 403]);
    expect(await statuses(await as('operator'))).toEqual([200, 200, 403]);
    expect(await statuses(await as('developer'))).toEqual([200, 200, 200]);
    expect((await callAdmin('GET', '/endpoints', { token: await as('admin') })).status).toBe(401);
  });

  test('the token that a signed-in user sends to endpoints manages nothing', async () => {
    await createUser('instabase-admin', ['admin']);
    const { endpointToken } = await signIn('instabase-admin');
    expect(await instabase('GET', '/list', { token: endpointToken })).toMatchObject(wrong(401, 'invalid_token'));
    expect((await instabase('GET', `/u/${(await make()).path}`, { token: endpointToken })).status).toBe(200);
  });

  test('a token acts for the admin who made it, and no further than they still may', async () => {
    const user = await createUser('token-maker', ['admin']);
    const { accessToken } = await signIn('token-maker');
    const body = { name: unique('token'), roles: ['developer'] };
    const made = (await callAdmin('POST', '/tokens', { token: accessToken, body })).body;
    const bearer = String(made.token);
    const created = { path: unique('p'), handler_script_path: ECHO };
    const idMade = unique('id');
    expect((await instabase('PUT', `/${idMade}`, { token: bearer, body: created })).status).toBe(201);
    const admin = { token: await adminToken() };
    expect((await callAdmin('GET', `/endpoints/${idMade}`, admin)).body).toMatchObject({
      executor: made.executor,
      createdBy: user.id,
    });
    expect(made.executor).not.toBe(user.id);
    expect((await callAdmin('GET', `/users/${String(made.executor)}`, admin)).body).toMatchObject({
      name: made.id,
      roles: ['developer'],
    });
    const audit = await callAdmin('GET', `/audit?object=endpoint&objectId=${idMade}`, admin);
    expect(audit.body.items).toMatchObject([
      { actor: { kind: 'token', id: expect.stringMatching(/^tok_/) as unknown } },
    ]);

    const change = (fields: object) => callAdmin('PATCH', `/users/${user.id}`, { ...admin, body: fields });
    const status = async () => (await instabase('GET', '/list', { token: bearer })).status;
    expect(await status()).toBe(200);
    await change({ roles: ['operator'] });
    expect(await status()).toBe(403);
    await change({ roles: ['developer'], active: false });
    expect(await status()).toBe(401);
  });

  test('an expired or revoked token opens nothing', async () => {
    const { id: tokenId, token: bearer } = await makeToken(['developer']);
    const admin = { token: await adminToken() };
    const status = async () => (await instabase('GET', '/list', { token: bearer })).status;
    await callAdmin('PATCH', `/tokens/${tokenId}`, { ...admin, body: { expiresAt: '2020-01-01T00:00:00Z' } });
    expect(await status()).toBe(401);
    await callAdmin('PATCH', `/tokens/${tokenId}`, { ...admin, body: { expiresAt: null } });
    expect(await status()).toBe(200);
    await callAdmin('DELETE', `/tokens/${tokenId}`, admin);
    expect(await status()).toBe(401);
  });
});

describe('I2: PUT /<id>', () => {
  test('answers 201, the id, and the message of the document', async () => {
    const body = { path: 'helloworld', handler_script_path: HELLO };
    const made = await instabase('PUT', '/my-endpoint-id', { token, body });
    expect([made.status, made.body]).toEqual([201, { id: 'my-endpoint-id' }]);
    expect(made.headers.get('x-portico-message')).toBe('Endpoint handler is created at u/helloworld');
    const hello = await instabase('GET', '/u/helloworld', { token: caller });
    expect([hello.status, hello.headers.get('content-type'), hello.text]).toEqual([
      200,
      expect.stringContaining('text/plain'),
      'Hello World',
    ]);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await instabase(method, '/u/helloworld', { token: caller })).status, method).toBe(404);
    }
  });

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

test('I5: handler(request, *args, **kwargs) is called with the request', async () => {
  const source = 'def handler(request, *args, **kwargs):\n  return str([len(args), request.get_json()["a"]])\n';
  const { path } = await make(await saveScript(`/i5/${unique('args')}.py`, source));
  const sent = { token, body: { a: 1 }, headers: { 'content-type': 'application/json' } };
  expect(await instabase('POST', `/u/${path}`, sent)).toMatchObject({ status: 200, text: '[0, 1]' });
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

describe('I7: a string is text/plain; a Response may be JSON or text, and nothing else', () => {
  const source = `from flask import Request, Response
def handler(request: Request, *args, **kwargs):
  case = request.args["case"]
  if case == "text": return '{"a": 1}'
  if case == "json": return Response('{"a": 1}', status=202, mimetype="application/json")
  if case == "error": return {}["gone"]
  return Response("<b>x</b>", mimetype=case)
`;
  let made: ReturnType<typeof make> | undefined;
  const answering = async (result: string) => {
    made ??= saveScript(`/i7/${unique('answer')}.py`, source).then(make);
    return instabase('GET', `/u/${(await made).path}?case=${encodeURIComponent(result)}`, { token });
  };

  test('a string', async () => {
    const answer = await answering('text');
    const type = answer.headers.get('content-type');
    expect([answer.status, answer.text, type]).toEqual([200, '{"a": 1}', 'text/plain; charset=utf-8']);
  });

  test('a JSON Response', async () => {
    const answer = await answering('json');
    expect([answer.status, answer.body]).toEqual([202, { a: 1 }]);
  });

  test.each(['text/html', 'image/svg+xml', 'application/octet-stream'])('a Response of %s is refused', async (type) => {
    const answer = await answering(type);
    expect(answer).toMatchObject(wrong(502, 'handler_bad_response', expect.stringContaining(type)));
  });

  test('a failed handler answers a bare 500, and the run has the reason', async () => {
    const answer = await answering('error');
    expect(answer).toMatchObject(wrong(500, 'handler_error'));
    expect(answer.text).not.toContain('gone');
    const run = await runOf(new Response(null, { headers: answer.headers }));
    expect(run.error).toMatchObject({ name: 'KeyError' });
  });
});

test('I8: query, headers and body are the handler’s own to define', async () => {
  const source =
    'def handler(request, *args, **kwargs):\n  return [request.args["q"], request.headers["x-a"], request.data.decode()], 418\n';
  const { path } = await make(await saveScript(`/i8/${unique('own')}.py`, source));
  const sent = { token, body: '<not json>', headers: { 'x-a': 'A', 'content-type': 'application/xml' } };
  const answer = await instabase('POST', `/u/${path}?q=1`, sent);
  expect([answer.status, answer.body]).toEqual([418, ['1', 'A', '<not json>']]);
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

describe('I10: PATCH /<id> changes any subset', () => {
  test('the whole body of the document', async () => {
    const { id } = await make();
    const path = unique('p');
    const body = { id, path, handler_script_path: HELLO, enabled: true };
    const answer = await instabase('PATCH', `/${id}`, { token, body });
    expect([answer.status, answer.body]).toEqual([200, { id }]);
    expect((await instabase('GET', `/${id}`, { token })).body).toEqual({
      id,
      path,
      handler_script_path: HELLO,
      state: 'ENABLED',
    });
  });

  test('the path: the old URL ends, the new one answers', async () => {
    const { id, path } = await make();
    const moved = unique('moved');
    await instabase('PATCH', `/${id}`, { token, body: { path: moved } });
    expect((await instabase('GET', `/u/${path}`, { token })).status).toBe(404);
    expect((await instabase('GET', `/u/${moved}`, { token })).status).toBe(200);
  });

  test('the script', async () => {
    const { id, path } = await make();
    await instabase('PATCH', `/${id}`, { token, body: { handler_script_path: HELLO } });
    expect((await instabase('GET', `/u/${path}`, { token })).text).toBe('Hello World');
  });

  test.each([
    { path: '' },
    { handler_script_path: '' },
    { enabled: 'false' },
    { enabled: 0 },
    { id: 'another-id' },
    { id: '' },
    { state: 'DISABLED' },
  ])('%j is refused, and nothing changes', async (body) => {
    const { id } = await make();
    const before = (await instabase('GET', `/${id}`, { token })).body;
    expect(await instabase('PATCH', `/${id}`, { token, body })).toMatchObject({
      status: 400,
      body: { status: 'ERROR' },
    });
    expect((await instabase('GET', `/${id}`, { token })).body).toEqual(before);
  });

  test('an id that is not there is a 404', async () => {
    expect(await instabase('PATCH', '/i10-none', { token, body: { enabled: true } })).toMatchObject(
      wrong(404, 'not_found'),
    );
  });

  test.each(['', '{', '[1]', 'null', '{"enabled": true, "enabled": false}', '['.repeat(200_000)])(
    'a body that is no JSON object is refused (%#)',
    async (body) => {
      const { id } = await make();
      expect((await instabase('PATCH', `/${id}`, { token, body })).status).toBe(400);
    },
  );
});

test('I11: GET /<id> shows id, path, script and state', async () => {
  const { id, path } = await make(HELLO);
  const entry = { id, path, handler_script_path: HELLO, state: 'ENABLED' };
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual(entry);
  await instabase('PATCH', `/${id}`, { token, body: { enabled: false } });
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual({ ...entry, state: 'DISABLED' });
});

describe('I12, T9: GET /list', () => {
  const ids = async (query: string) => {
    const { status, body, text } = await instabase('GET', `/list${query}`, { token });
    if (status !== 200) throw new Error(text);
    return (body.endpoints as { id: string }[]).map(({ id }) => id);
  };

  test('by id echoes the filter, as the document shows it', async () => {
    const { id, path } = await make(HELLO);
    const found = await instabase('GET', `/list?id=${id}`, { token });
    expect([found.status, found.body]).toEqual([
      200,
      { id, endpoints: [{ id, path, handler_script_path: HELLO, state: 'ENABLED' }] },
    ]);
    expect((await instabase('GET', '/list?id=none', { token })).body).toEqual({ id: 'none', endpoints: [] });
  });

  test('all four filters under all their names', async () => {
    const script = await saveScript(`/i12/${unique('with space ')}.js`, 'export const handler = () => "x"');
    const [on, off] = [await make(script), await make(script)];
    await instabase('PATCH', `/${off.id}`, { token, body: { enabled: false } });
    const at = encodeURIComponent(script);
    expect(await ids(`?path=${on.path}`)).toEqual([on.id]);
    expect(await ids(`?handler=${at}`)).toEqual([on.id, off.id]);
    expect(await ids(`?handler_script_path=${at}`)).toEqual([on.id, off.id]);
    expect(await ids(`?handler=${at}&handler_script_path=${at}&state=ENABLED&enabled=True`)).toEqual([on.id]);
    expect(await ids(`?handler=${at}&state=DISABLED`)).toEqual([off.id]);
    expect(await ids(`?handler=${at}&enabled=false`)).toEqual([off.id]);
    expect(await ids(`?id=${on.id}&path=${off.path}`)).toEqual([]);
    expect(await ids(`?id=&path=&handler=${at}&state=&offset=&limit=`)).toEqual([on.id, off.id]);
  });

  test('offset and limit cut the list, oldest first; no filter is every entry', async () => {
    const script = await saveScript(`/i12/${unique('many')}.js`, 'export const handler = () => "x"');
    const made = [await make(script), await make(script), await make(script)].map(({ id }) => id);
    const at = `handler=${encodeURIComponent(script)}`;
    expect(await ids(`?${at}&limit=2`)).toEqual(made.slice(0, 2));
    expect(await ids(`?${at}&offset=1&limit=1`)).toEqual([made[1]]);
    expect(await ids(`?${at}&offset=2`)).toEqual([made[2]]);
    expect(await ids(`?${at}&offset=3`)).toEqual([]);
    const all = await instabase('GET', '/list', { token });
    expect(all.body.id).toBe('');
    expect(await ids('')).toEqual(expect.arrayContaining(made));
  });

  test.each([
    '?limit=0',
    '?limit=-1',
    '?limit=1e9',
    '?limit=x',
    '?offset=-1',
    '?offset=1.5',
    '?state=on',
    '?enabled=1',
    '?order=id',
    '?id=a&id=b',
    '?handler=a.py&handler_script_path=b.py',
    '?state=ENABLED&enabled=false',
  ])('%s is refused', async (query) => {
    expect(await instabase('GET', `/list${query}`, { token })).toMatchObject(wrong(400, 'invalid_parameter'));
  });

  test('quotes and wildcards are text, not SQL', async () => {
    expect(await ids(`?id=${encodeURIComponent("' or 1=1 --")}`)).toEqual([]);
    expect(await ids('?path=%25')).toEqual([]);
  });
});

test('PATCH accepts the body of a GET; `enabled` changes it, `state` does not', async () => {
  const { id } = await make();
  const { body: shown } = await instabase('GET', `/${id}`, { token });
  expect((await instabase('PATCH', `/${id}`, { token, body: shown })).status).toBe(200);
  expect((await instabase('GET', `/${id}`, { token })).body).toEqual(shown);
  await instabase('PATCH', `/${id}`, { token, body: { ...(shown as object), enabled: false } });
  expect((await instabase('GET', `/${id}`, { token })).body).toMatchObject({ state: 'DISABLED' });
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

const toHex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe('I15: the use cases of the document', () => {
  test('a webhook handler for an upstream system', async () => {
    const source = `from flask import Request, Response
import hashlib, hmac
def handler(request: Request, *args, **kwargs):
  wanted = hmac.new(b"shared", request.get_data(), hashlib.sha256).hexdigest()
  if not hmac.compare_digest(wanted, request.headers.get("x-signature", "")):
    return Response("bad signature", status=403, mimetype="text/plain")
  return Response(status=204)
`;
    const { path } = await make(await saveScript(`/i15/${unique('hook')}.py`, source));
    const body = '{"event":"done"}';
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode('shared'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const signature = toHex(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
    const send = (value: string) =>
      instabase('POST', `/u/${path}`, {
        token: caller,
        body,
        headers: { 'x-signature': value, 'content-type': 'application/json' },
      });
    expect((await send(signature)).status).toBe(204);
    expect(await send('0'.repeat(64))).toMatchObject({ status: 403, text: 'bad signature' });
  });

  test('an answer in a fixed format for a downstream one', async () => {
    const source = `from flask import Response
import json
def handler(request, *args, **kwargs):
  return Response(json.dumps({"version": 2, "records": [{"name": n} for n in request.args.getlist("name")]}), mimetype="application/json")
`;
    const { path } = await make(await saveScript(`/i15/${unique('format')}.py`, source));
    const answer = await instabase('GET', `/u/${path}?name=a&name=b`, { token: caller });
    expect(answer.text).toBe('{"version": 2, "records": [{"name": "a"}, {"name": "b"}]}');
  });
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

describe('an endpoint made with a token has no more rights than the token', () => {
  const WHO =
    'export function handler(request, ctx) { return new Response(JSON.stringify(ctx.executor), { headers: { "content-type": "application/json" } }) }';
  const admin = async () => ({ token: await adminToken() });
  const make = async (body: object) =>
    (await callAdmin('POST', '/tokens', { ...(await admin()), body })).body as Record<string, string>;
  const put = async (bearer: string) => {
    const path = unique('who');
    const script = await saveScript(`${path}.js`, WHO);
    const id = unique('id');
    const made = await instabase('PUT', `/${id}`, { token: bearer, body: { path, handler_script_path: script } });
    return { id, path, made };
  };

  test('runs as a user with the roles of the token, who outlives the token', async () => {
    const token = await make({ name: unique('ci'), roles: ['developer'] });
    const { path, made } = await put(token.token!);
    expect(made.status).toBe(201);
    const run = async () => (await instabase('POST', `/u/${path}`, { token: caller })).body;
    expect(await run()).toEqual({ id: token.executor, name: token.id, roles: ['developer'] });
    expect((await callAdmin('DELETE', `/tokens/${token.id}`, await admin())).status).toBe(204);
    expect(await run()).toMatchObject({ id: token.executor });
    // Nobody can sign in as that user.
    const login = { body: { name: token.id, password: 'none:token' } };
    expect((await callAdmin('POST', '/session', login)).status).toBe(401);
  });

  test('runs as the user that the token names, by name or id, if that user has no other roles', async () => {
    const weak = await createUser(unique('weak'), []);
    const strong = await createUser(unique('strong'), ['developer', 'operator']);
    const token = await make({ name: unique('ci'), roles: ['developer'], executor: weak.name });
    const { path, made } = await put(token.token!);
    expect([made.status, token.executor]).toEqual([201, weak.id]);
    expect((await instabase('POST', `/u/${path}`, { token: caller })).body).toMatchObject({ id: weak.id, roles: [] });
    const body = { name: 'x', roles: ['developer'], executor: strong.id };
    expect(await callAdmin('POST', '/tokens', { ...(await admin()), body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/executor', code: 'exceeds_roles' }] },
    });
    const nobody = { body: { ...body, executor: 'nobody-at-all' } };
    expect((await callAdmin('POST', '/tokens', { ...(await admin()), ...nobody })).body).toMatchObject({
      errors: [{ pointer: '#/executor', code: 'not_found' }],
    });
  });

  test('an admin’s token makes endpoints of that admin; one whose executor came to more rights makes none', async () => {
    const { path, made } = await put((await make({ name: unique('ci'), roles: ['admin'] })).token!);
    expect(made.status).toBe(201);
    expect((await instabase('POST', `/u/${path}`, { token: caller })).body).toMatchObject({ roles: ['admin'] });
    const riser = await createUser(unique('riser'), []);
    const token = await make({ name: unique('ci'), roles: ['developer'], executor: riser.id });
    const first = await put(token.token!);
    await callAdmin('PATCH', `/users/${riser.id}`, { ...(await admin()), body: { roles: ['operator'] } });
    const refused = await put(token.token!);
    expect([refused.made.status, refused.made.body.code]).toEqual([403, 'forbidden']);
    expect(refused.made.body.msg).toContain(`PATCH /admin/tokens/${token.id}`);
    // Nor does it steer what is there already, beyond switching it off.
    const patch = (body: object) => instabase('PATCH', `/${first.id}`, { token: token.token!, body });
    expect((await patch({ handler_script_path: ECHO })).status).toBe(403);
    expect((await patch({ enabled: false })).status).toBe(200);
    await callAdmin('PATCH', `/tokens/${token.id}`, { ...(await admin()), body: { roles: ['developer', 'operator'] } });
    expect((await patch({ handler_script_path: ECHO })).status).toBe(200);
  });

  test('a token links nothing to an endpoint that an admin runs', async () => {
    const script = await saveScript(`${unique('mine')}.js`, WHO);
    const path = unique('boss');
    const made = await callAdmin('POST', '/endpoints', {
      ...(await admin()),
      body: { path, handler: { path: script } },
    });
    const { token } = await make({ name: unique('ci'), roles: ['developer'] });
    const patch = (body: object) => instabase('PATCH', `/${String(made.body.id)}`, { token: token!, body });
    expect(await patch({ handler_script_path: ECHO })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await patch({ enabled: false })).status).toBe(200);
  });
});
