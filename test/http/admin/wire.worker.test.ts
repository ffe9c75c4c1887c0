import { describe, expect, test } from 'vitest';
import { exports } from 'cloudflare:workers';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { callAdmin } from '../../support/admin-api';
import { call, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

const token = await adminToken();
const admin = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  callAdmin(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
/** A POST or PATCH whose body is sent as it stands. */
const raw = async (path: string, body: BodyInit | null, type: string | null = 'application/json', method = 'POST') => {
  const headers = { authorization: `Bearer ${token}`, ...(type === null ? {} : { 'content-type': type }) };
  const response = await exports.default.fetch(`https://portico.test/admin${path}`, { method, headers, body });
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
};

describe('bodies are read strictly', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const ok = { path: 'never/made.js', source: 'export default () => 1' };
  const text = JSON.stringify(ok);
  test.each<[string, BodyInit | null, string | null, number, string]>([
    ['nothing', null, 'application/json', 400, 'invalid_json'],
    ['NaN', '{"a":NaN}', 'application/json', 400, 'invalid_json'],
    ['a trailing comma', text.replace('}', ',}'), 'application/json', 400, 'invalid_json'],
    ['a comment', `/**/${text}`, 'application/json', 400, 'invalid_json'],
    ['invalid UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json', 400, 'invalid_json'],
    ['200,000 levels', deep, 'application/json', 400, 'json_too_deep'],
    ['a key twice', text.replace('{', '{"path":"a.js",'), 'application/json', 400, 'duplicate_key'],
    [
      'a key twice, in other spelling',
      text.replace('{', '{"p\\u0061th":"a.js",'),
      'application/json',
      400,
      'duplicate_key',
    ],
    [
      'a key twice, deep inside',
      text.replace('}', ',"x":[{"a":{"b":1,"b":2}}]}'),
      'application/json',
      400,
      'duplicate_key',
    ],
    [
      'a number that is rounded',
      text.replace('{', '{"deploy":9007199254740993,'),
      'application/json',
      422,
      'invalid_input',
    ],
    ['a number that counts as infinite', text.replace('}', ',"x":[1e999]}'), 'application/json', 422, 'invalid_input'],
    ['__proto__', text.replace('{', '{"__proto__":{"deploy":true},'), 'application/json', 422, 'unknown_field'],
    ['constructor', text.replace('{', '{"constructor":1,'), 'application/json', 422, 'unknown_field'],
    ['an unknown field', text.replace('{', '{"sauce":1,'), 'application/json', 422, 'unknown_field'],
    ['a list', '[]', 'application/json', 422, 'invalid_input'],
    ['null', 'null', 'application/json', 422, 'invalid_input'],
    ['a form', 'path=a.js', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['plain text', text, 'text/plain', 415, 'unsupported_media_type'],
    ['more than 4 MiB', `{"path":"${'x'.repeat(4_300_000)}"}`, 'application/json', 413, 'body_too_large'],
  ])('%s', async (_name, body, type, status, code) => {
    expect(await raw('/handlers', body, type)).toMatchObject({ status, body: { status, code } });
    expect(({} as Record<string, unknown>).deploy).toBeUndefined();
  });
  test('a number that is rounded is named', async () => {
    const body = '{"path":"/n","default":[{"a":12345678901234567890}]}';
    expect(await raw('/endpoints', body, 'application/json')).toMatchObject({
      status: 422,
      body: {
        detail:
          'default/0/a: must not be a whole number beyond 9007199254740991, which would be rounded: send it as text',
        errors: [{ pointer: '#/default/0/a', code: 'inexact_number' }],
      },
    });
  });
  test('none of them has made a handler', async () => {
    expect((await admin('GET', '/handlers?path=never%2Fmade.js')).body.items).toEqual([]);
  });
  test('every unknown or wrong field is listed', async () => {
    const { status, body } = await admin('POST', '/keys', { alias: 1, extra: 1, 'a/b': 2, active: 'yes' });
    expect([status, body.code]).toEqual([422, 'invalid_input']);
    const pointers = (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.toSorted()).toEqual(['#/active', '#/alias', '#/a~1b', '#/extra']);
  });
  test('__proto__ is refused in nested documents too', async () => {
    for (const body of ['{"limits":{"__proto__":{"cpuMs":1}}}', '{"access":{"__proto__":{"level":"public"}}}'])
      expect(await raw('/endpoints/x', body, 'application/json', 'PATCH')).toMatchObject({
        status: 422,
        body: { code: 'unknown_field' },
      });
  });
});

describe('queries and headers', () => {
  const lists = adminRoutes.filter(
    ({ method, query }) => method === 'get' && query !== undefined && 'limit' in query.shape,
  );
  test.each(lists.filter(({ path }) => !path.includes(':')).map(({ path }) => [path]))(
    '%s refuses what it does not know',
    async (path) => {
      const at = path.replace('/admin', '');
      for (const query of [
        'limit=0',
        'limit=-1',
        'limit=1e9',
        'limit=x',
        'limit=',
        'limit=1.5',
        'limit=101',
        'sort=nothing',
        'cursor=x',
        "cursor=1' OR 1=1 --.a",
        'limit=1&limit=2',
        '__proto__=1',
      ])
        expect(await admin('GET', `${at}?${query}`), query).toMatchObject({
          status: 400,
          body: { code: 'invalid_parameter' },
        });
      expect(await admin('GET', `${at}?limit=1`)).toMatchObject({ status: 200 });
    },
  );
  test('searches that look like SQL or are too long do no harm', async () => {
    for (const q of ['%_%', `'`, `"`, `' OR 1=1 --`, '\\', '%00', '%', '\u{1f600}'])
      expect((await admin('GET', `/runs?q=${encodeURIComponent(q)}`)).status, q).toBe(200);
    expect((await admin('GET', `/runs?q=${'x'.repeat(10_240)}`)).status).toBe(400);
    for (const query of ['status=99', 'status=x', 'outcome=none', 'since=yesterday', 'kind=all'])
      expect((await admin('GET', `/runs?${query}`)).status, query).toBe(400);
  });
  test.each(['1', '"x"', '"1", "2"', '""', '"99999999999999999"', 'W/"a"'])('If-Match: %s is 400', async (value) => {
    const made = await admin('POST', '/keys', { alias: 'a' });
    expect(await admin('PATCH', `/keys/${String(made.body.id)}`, { alias: 'b' }, { 'if-match': value })).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter' },
    });
  });
  test('If-Match: a stale revision is 412, the current one 200 with the next ETag, * and none 200', async () => {
    const { body, headers } = await admin('POST', '/keys', { alias: 'a' });
    const at = `/keys/${String(body.id)}`;
    expect(headers.get('etag')).toBe('"1"');
    const changed = await admin('PATCH', at, { alias: 'b' }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(await admin('PATCH', at, { alias: 'c' }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'stale_revision' },
    });
    expect((await admin('GET', at)).body.alias).toBe('b');
    expect((await admin('PATCH', at, { alias: 'd' }, { 'if-match': '*' })).status).toBe(200);
    expect((await admin('PATCH', at, { alias: 'e' })).status).toBe(200);
    expect((await admin('DELETE', at, undefined, { 'if-match': '"1"' })).status).toBe(412);
  });
  test('a repeated creation of a key is the same key, without its value', async () => {
    const send = (body: object) => admin('POST', '/keys', body, { 'idempotency-key': key });
    const key = unique('idem');
    const first = await send({ alias: 'a' });
    const again = await send({ alias: 'a' });
    expect(first.body.key).toMatch(/^ptk_/);
    expect([again.status, again.body]).toEqual([201, { ...first.body, key: null }]);
    expect(await send({ alias: 'b' })).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
  });
});

test('an unknown resource is the same 404 for every noun', async () => {
  for (const noun of ['endpoints', 'handlers', 'keys', 'runs', 'users', 'tokens'])
    for (const id of ['none', "' OR 1=1 --", '%00', '..%2f'])
      expect(await admin('GET', `/${noun}/${encodeURIComponent(id)}`), `${noun} ${id}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
  expect((await admin('GET', `/keys/${'x'.repeat(65)}`)).status).toBe(400);
  expect((await admin('GET', '/nothing')).status).toBe(404);
});

test('an answer has the reason phrase of its status', async () => {
  const { status, statusText } = await call('/admin/keys', { headers: { authorization: `Bearer ${token}` } });
  expect([status, statusText]).toEqual([200, 'OK']);
});

test('every answer of Portico itself is safe to open in a browser', async () => {
  for (const path of ['/health', '/openapi.json', '/admin/keys', '/u/none', '/nowhere']) {
    const { headers } = await call(path);
    expect(
      [headers.get('x-content-type-options'), headers.get('referrer-policy'), headers.get('cache-control')],
      path,
    ).toEqual(['nosniff', 'no-referrer', 'no-store']);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('/docs is served from here alone', async () => {
  const page = await call('/docs/');
  const html = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  for (const [, file] of html.matchAll(/(?:src|href)="([^"#]+)"/g))
    expect((await call(new URL(file!, 'https://portico.test/docs/').pathname)).status, file).toBe(200);
  expect((await call('/docs/nothing.js')).status).toBe(404);
});
