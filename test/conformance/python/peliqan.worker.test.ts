import { describe, expect, test } from 'vitest';
import sample from '../../fixtures/python/peliqan.py?raw';
import { callAdmin } from '../../support/admin-api';
import { makeToken, saveScript } from '../../support/instabase';
import { call, runOf, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

const admin = { token: await adminToken() };

interface Made {
  id: string;
  path: string;
  url: string;
}
/** An endpoint linked to a script, for callers with a token: what a partner's endpoint is. */
async function link(script: string, options: object = {}): Promise<Made> {
  const body = { handler: { path: script }, methods: ['GET', 'POST'], access: { level: 'authenticated' }, ...options };
  const answer = await callAdmin('POST', '/endpoints', { ...admin, body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as unknown as Made;
}

const bearer = (token: string, scheme = 'Bearer'): RequestInit => ({
  headers: { authorization: `${scheme} ${token}` },
});

/** The script of the boilerplate's first half: all that it reads of a request, as JSON. */
const READER = await saveScript(
  'scripts/reader.py',
  `${sample.split('    # Example data for response')[0]}
    first = param1 if "param1" in query_string_dict else None
    return {
        "method": method, "url": url, "path": path, "query_string": repr(query_string), "accept": headers.get("Accept"),
        "authorization": headers.get("Authorization"), "data": repr(data), "form": dict(form), "get_data": get_data.decode(),
        "lists": query_string_dict, "first": first,
    }
`,
);
/** Answers as the query asks it to, in each of the forms of the boilerplate. */
const RETURNER = await saveScript(
  'scripts/returner.py',
  `def handler():
    form = request.args["form"]
    if form == "rows":
        return [{"id": 1, "name": "Acme"}, {"id": 2, "name": "Globex"}]
    if form == "three":
        data, status_code, headers = {"made": True}, 201, {"x-kind": "account"}
        return data, status_code, headers
    if form == "pair":
        return "gone", 410
    return "", 404, { "some_header": "some_value" }
`,
);
const { token } = await makeToken();
const returner = await link(RETURNER);
const reader = await link(READER, {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  subpaths: true,
});

const read = async (rest = '', init: RequestInit = {}) => {
  const headers = { authorization: `JWT ${token}`, ...(init.headers as Record<string, string> | undefined) };
  const response = await call(`/u/${reader.path}${rest}`, { ...init, headers });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
};

test('Q1: endpoint and script are two objects; one script may back several endpoints', async () => {
  const script = await saveScript('scripts/linked.py', 'def handler():\n    return request.path\n');
  const [one, two] = [await link(script), await link(script, { subpaths: true })];
  expect(await (await call(`/u/${one.path}`, bearer(token))).text()).toBe('/');
  expect(await (await call(`/u/${two.path}/a`, bearer(token))).text()).toBe('/a');
  const found = await callAdmin('GET', `/endpoints?handler=${encodeURIComponent(script)}`, admin);
  expect((found.body.items as Made[]).map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted());
  await callAdmin('PATCH', `/endpoints/${two.id}`, { ...admin, body: { handler: { path: RETURNER } } });
  expect((await call(`/u/${two.path}?form=pair`, bearer(token))).status).toBe(410);
});

test('Q2: a new script starts from boilerplate, in each language, and answers as it is', async () => {
  const listed = (await callAdmin('GET', '/templates', admin)).body.items as {
    id: string;
    language: string;
    source: string;
  }[];
  const blank = listed.filter(({ id }) => id.startsWith('blank-'));
  expect(blank.map(({ language }) => language).toSorted()).toEqual(['javascript', 'python', 'typescript', 'workflow']);
  expect(blank.find(({ language }) => language === 'python')?.source).toMatch(/^def handler\(\):\n.*request/ms);
  for (const { id } of blank) {
    const used = await callAdmin('POST', `/templates/${id}/endpoints`, { ...admin, body: {} });
    expect([used.status, used.text]).toEqual([201, expect.any(String)]);
    const {
      id: made,
      path,
      methods,
      handler,
    } = used.body.endpoint as Made & { methods: string[]; handler: { path: string } };
    expect(
      (await callAdmin('GET', `/handlers?path=${encodeURIComponent(handler.path)}`, admin)).body.items,
    ).toHaveLength(1);
    expect((await call(`/u/${path}`)).status, id).toBe(methods.includes('GET') ? 401 : 405);
    const tested = await callAdmin('POST', `/endpoints/${made}/test`, { ...admin, body: {} });
    expect(tested.body, id).toMatchObject({ run: { outcome: 'success' }, response: { status: 200 } });
  }
});

test('Q3: the full URL is on the endpoint', async () => {
  const shown = await callAdmin('GET', `/endpoints/${reader.id}`, admin);
  expect(shown.body.url).toBe(`https://portico.test/u/${reader.path}`);
});

describe('Q4, T12: a token made under settings, in the Authorization header', () => {
  test.each(['Bearer', 'JWT', 'bearer', 'jwt'])('%s', async (scheme) => {
    expect((await call(`/u/${returner.path}?form=rows`, bearer(token, scheme))).status).toBe(200);
  });

  test.each([
    ['no header', {}],
    ['Basic', bearer(token, 'Basic')],
    ['the token alone', { headers: { authorization: token } }],
    ['another token', bearer(`${token.slice(0, -4)}AAAA`)],
    ['as x-api-key', { headers: { 'x-api-key': token } }],
  ])('refused: %s', async (_, init) => {
    const response = await call(`/u/${returner.path}?form=rows`, init);
    expect(response.status).toBe(401);
    expect((await runOf(response)).outcome).toBe('rejected');
  });

  test('the script does not see it, and neither does the run', async () => {
    const response = await call(`/u/${reader.path}`, bearer(token, 'JWT'));
    expect(((await response.json()) as { authorization: unknown }).authorization).toBeNull();
    const run = await runOf(response);
    expect(JSON.stringify(run)).not.toContain(token);
    expect(run.caller.kind).toBe('token');
  });

  test('the value of a token is shown once', async () => {
    const made = await makeToken();
    const shown = await callAdmin('GET', `/tokens/${made.id}`, admin);
    const listed = await callAdmin('GET', '/tokens?limit=100', admin);
    for (const { status, text } of [shown, listed]) {
      expect(status).toBe(200);
      expect(text).not.toContain(made.token);
    }
  });
});

describe('Q5: tokens that expire and tokens that do not, and CORS', () => {
  const status = async (value: string) => (await call(`/u/${reader.path}`, bearer(value, 'JWT'))).status;

  test('a token without expiry is valid until it is revoked', async () => {
    const made = await makeToken();
    expect(await status(made.token)).toBe(200);
    expect((await callAdmin('DELETE', `/tokens/${made.id}`, admin)).status).toBe(204);
    expect(await status(made.token)).toBe(401);
  });

  test('a token with an expiry is refused after it', async () => {
    const hour = 3_600_000;
    const iso = (offset: number) => new Date(Date.now() + offset).toISOString();
    expect(await status((await makeToken([], iso(hour))).token)).toBe(200);
    expect(await status((await makeToken([], iso(-hour))).token)).toBe(401);
  });

  test('a signed-in user has a short-lived one, for code in browsers', async () => {
    const name = unique('browser');
    await createUser(name);
    const { endpointToken, expiresIn } = await signIn(name);
    expect(expiresIn).toBe(900);
    expect(await status(endpointToken)).toBe(200);
    const claims = JSON.parse(atob(endpointToken.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as {
      iat: number;
      exp: number;
    };
    expect(claims.exp - claims.iat).toBe(900);
  });

  test('browsers of the origins that the endpoint lists may call it, and no others', async () => {
    const endpoint = await link(RETURNER, { cors: { origins: ['https://app.example.com'] } });
    const allowed = async (origin: string) => {
      const headers = { origin, authorization: `JWT ${token}` };
      const response = await call(`/u/${endpoint.path}?form=rows`, { headers });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://app.example.com')).toBe('https://app.example.com');
    expect(await allowed('https://evil.example.com')).toBeNull();
    const preflight = await call(`/u/${endpoint.path}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST']);
  });
});

describe('Q6, T11: what the global request has', () => {
  test('method, url, path, headers; query_string is bytes', async () => {
    expect(await read('/a/b?param1=x&q=%C3%A9', { headers: { accept: 'text/csv' } })).toMatchObject({
      method: 'GET',
      url: 'https://portico.test/a/b?param1=x&q=%C3%A9',
      path: '/a/b',
      query_string: "b'param1=x&q=%C3%A9'",
      accept: 'text/csv',
    });
  });

  test('data is the raw body; get_data() returns a body that is not a form', async () => {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a": 1}' };
    expect(await read('?q=1', sent)).toMatchObject({ data: 'b\'{"a": 1}\'', form: {}, get_data: '{"a": 1}' });
  });

  test('T11: get_data() combines a form and the query string', async () => {
    const sent = { method: 'POST', body: new URLSearchParams({ a: '1', b: '2' }) };
    expect(await read('?q=3', sent)).toMatchObject({ form: { a: '1', b: '2' }, get_data: 'a=1&b=2&q=3' });
  });

  test('T11: without a body get_data() is the query string', async () => {
    expect(await read('?q=3')).toMatchObject({ data: "b''", form: {}, get_data: 'q=3' });
  });
});

test('Q7: parse_qs gives lists; the first of a repeated parameter is taken', async () => {
  expect(await read('?param1=x&param1=y')).toMatchObject({ lists: { param1: ['x', 'y'] }, first: 'x' });
  expect(await read()).toMatchObject({ lists: {}, first: null });
});

describe('Q8: the forms of return', () => {
  const answer = async (form: string) => {
    const response = await call(`/u/${returner.path}?form=${form}`, bearer(token));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test('the rows of a table', async () => {
    const { status, headers, text } = await answer('rows');
    expect([status, headers.get('content-type'), JSON.parse(text)]).toEqual([
      200,
      'application/json',
      [
        { id: 1, name: 'Acme' },
        { id: 2, name: 'Globex' },
      ],
    ]);
  });

  test('`data, status_code, headers` sets all three', async () => {
    const { status, headers, text } = await answer('three');
    expect([status, headers.get('x-kind'), JSON.parse(text)]).toEqual([201, 'account', { made: true }]);
  });

  test('`data, status` sets both', async () => {
    expect(await answer('pair')).toMatchObject({ status: 410, text: 'gone' });
  });

  test('`"", 404, headers` has an empty body', async () => {
    const { status, headers, text } = await answer('nothing');
    expect([status, headers.get('some_header'), text]).toEqual([404, 'some_value', '']);
  });
});

describe('Q9: pq.dbconnect(name).fetch(db, schema, table)', () => {
  const ACCOUNTS = [
    { name: 'Acme', employees: 10 },
    { name: 'Globex', employees: 2500 },
  ];
  /** The table of the document, which people with the role operator may read. */
  const table = async () => {
    const columns = [
      { name: 'name', type: 'text' },
      { name: 'employees', type: 'integer' },
    ];
    const body = { schema: 'salesforce', name: 'accounts', idType: 'integer', columns, read: ['operator'] };
    const made = await callAdmin('POST', '/tables', { ...admin, body });
    if (made.status !== 201) throw new Error(made.text);
    const filled = await callAdmin('POST', `/tables/${String(made.body.id)}/rows`, {
      ...admin,
      body: { rows: ACCOUNTS },
    });
    if (filled.status !== 201) throw new Error(filled.text);
  };

  test('the unchanged boilerplate answers the rows that its executor may read', async () => {
    await table();
    const script = await saveScript('scripts/boilerplate.py', sample);
    const executor = await createUser(unique('reader'), ['operator']);
    const endpoint = await link(script, { executor: executor.id });
    const send = () => call(`/u/${endpoint.path}?param1=x&param1=y`, bearer(token, 'JWT'));
    const response = await send();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    const rows = (await response.json()) as object[];
    expect(rows).toMatchObject(ACCOUNTS.map((account, i) => ({ id: i + 1, ...account })));

    await callAdmin('PATCH', `/users/${executor.id}`, { ...admin, body: { roles: [] } });
    const refused = await send();
    expect(refused.status).toBe(500);
    expect((await runOf(refused)).error).toMatchObject({ message: expect.stringContaining('accounts') as unknown });

    await callAdmin('PATCH', `/users/${executor.id}`, { ...admin, body: { roles: ['operator'], active: false } });
    expect((await send()).status).toBe(503);
  });
});

test('Q10: every method that the endpoint lists reaches the handler', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expect(await read('', { method })).toMatchObject({ method });
  const head = await call(`/u/${reader.path}`, { method: 'HEAD', ...bearer(token) });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('Q11: partners have separate tokens, which runs distinguish and which can be revoked one by one', async () => {
  const [one, two] = [await makeToken(), await makeToken()];
  const send = (value: string) => call(`/u/${reader.path}`, bearer(value, 'JWT'));
  expect((await runOf(await send(one.token))).caller).toMatchObject({ kind: 'token', id: one.id });
  expect((await runOf(await send(two.token))).caller).toMatchObject({ kind: 'token', id: two.id });
  await callAdmin('DELETE', `/tokens/${one.id}`, admin);
  expect([(await send(one.token)).status, (await send(two.token)).status]).toEqual([401, 200]);
});
