import { beforeAll, describe, expect, test } from 'vitest';
import { publishCounter, type Counter } from '../../support/counter';
import { call, ensureAdmin, postJson, publish, runOf } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

describe('an unreadable or invalid request does not reach the handler', () => {
  let counter: Counter;
  beforeAll(async () => {
    await ensureAdmin();
    counter = await publishCounter({
      strict: true,
      parameters: [
        { name: 'n', type: 'integer' },
        { name: 'data', type: 'json' },
        { name: 'q', in: 'query', type: 'integer' },
      ],
      limits: { bodyBytes: 500_000 },
    });
  });
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const endless = (size: number): ReadableStream =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
        if ((size -= 65_536) <= 0) controller.close();
      },
    });

  test.each<[string, RequestInit, number, string]>([
    ['white space as JSON', { headers: JSON_TYPE, body: ' ' }, 400, 'invalid_json'],
    ['NaN', { headers: JSON_TYPE, body: '{"n":NaN}' }, 400, 'invalid_json'],
    ['a trailing comma', { headers: JSON_TYPE, body: '{"n":1,}' }, 400, 'invalid_json'],
    ['invalid UTF-8', { headers: JSON_TYPE, body: bytes(0x7b, 0x22, 0xff, 0x22, 0x7d) }, 400, 'invalid_json'],
    ['200,000 levels', { headers: JSON_TYPE, body: deep }, 400, 'json_too_deep'],
    [
      '200,000 levels in a field of a form',
      { headers: FORM_TYPE, body: `data=${deep.slice(50_000, -50_000)}` },
      422,
      'invalid_parameters',
    ],
    ['a list', { headers: JSON_TYPE, body: '[1]' }, 422, 'invalid_parameters'],
    ['a wrong type', { headers: JSON_TYPE, body: '{"n":"x"}' }, 422, 'invalid_parameters'],
    ['an undeclared field', { headers: JSON_TYPE, body: '{"m":1}' }, 422, 'invalid_parameters'],
    ['__proto__', { headers: JSON_TYPE, body: '{"__proto__":{"n":1}}' }, 422, 'invalid_parameters'],
    [
      'a type that it does not take',
      { headers: { 'content-type': 'text/csv' }, body: 'a,b' },
      415,
      'unsupported_media_type',
    ],
    [
      'a broken multipart body',
      { headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: 'x' },
      400,
      'invalid_body',
    ],
    [
      'a body over the limit',
      { headers: JSON_TYPE, body: `{"n":1,"pad":"${'x'.repeat(500_000)}"}` },
      413,
      'body_too_large',
    ],
    [
      'a stream over the limit, without a length',
      { headers: JSON_TYPE, body: endless(2_000_000) },
      413,
      'body_too_large',
    ],
    ['another method', { method: 'DELETE' }, 405, 'method_not_allowed'],
  ])('%s', async (_name, init, status, code) => {
    const response = await call(counter.path, { method: 'POST', ...init });
    expect([response.status, await response.json()]).toMatchObject([
      status,
      { code, status, type: `urn:portico:error:${code}` },
    ]);
    expect(response.headers.get('x-run-id')).toMatch(/^run_/);
    await counter.expectUntouched();
  });

  test('all issues at once, each with its pointer', async () => {
    const response = await postJson(`${counter.path}?q=x`, { n: 1.5, 'a/b': 1 });
    const problem = await response.json<{ errors: { pointer: string }[] }>();
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(['#/body/a~1b', '#/body/n', '#/query/q']);
    expect(await runOf(response)).toMatchObject({ outcome: 'rejected', status: 422, request: { body: null } });
    await counter.expectUntouched();
  });

  test('an absurd number of fields is answered briefly', async () => {
    const response = await call(counter.path, {
      method: 'POST',
      headers: FORM_TYPE,
      body: 'a=&'.repeat(80_000) + 'b=&'.repeat(80_000),
    });
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(50_000);
  });
});

describe('paths', () => {
  test.each([
    '/u/', '/u/no-such-endpoint', '/u/..%2f..%2fadmin', '/u/x%00', '/u/x;a=1', '/u/%C3%A9', '/u/é', `/u/${'x'.repeat(65)}`, '/u/a%2fb', '/u/admin', '/u/%', '/u/%zz',
  ])('%s is 404, and the same as any other', async (path) => {
    const response = await call(path);
    const { requestId: _id, ...problem } = await response.json<Record<string, unknown>>();
    expect([response.status, problem]).toEqual([
      404,
      { type: 'urn:portico:error:not_found', title: 'Not Found', status: 404, detail: 'Endpoint not found.', code: 'not_found' },
    ]);
    expect(response.headers.has('x-run-id')).toBe(false);
  }); // oxfmt-ignore

  test('an inactive endpoint, and what is below one without subpaths, are as absent as any', async () => {
    const { endpoint: off } = await publish('export default () => 1', { active: false });
    const { endpoint: flat } = await publish('export default () => 1');
    const bodies = await Promise.all(
      [`/u/${off.path}`, `/u/${flat.path}/below`, `/u/${flat.path}//`, '/u/none'].map(async (path) => {
        const response = await call(path, { method: 'POST' });
        return `${response.status} ${(await response.text()).replace(/req_\w+/, '')}`;
      }),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  test('a path is taken as it was sent: percent signs spell no endpoint', async () => {
    const { endpoint } = await publish('export default () => 1');
    const spelt = `%${endpoint.path.charCodeAt(0).toString(16)}${endpoint.path.slice(1)}`;
    expect((await call(`/u/${spelt}`, { method: 'POST' })).status).toBe(404);
  });

  test('an endpoint with subpaths gives the handler the rest of the path, as sent', async () => {
    const { endpoint } = await publish(
      `export const handler = (request) => new URL(request.url).pathname + new URL(request.url).search`,
      {
        subpaths: true,
        methods: ['GET'],
      },
    );
    for (const [rest, seen] of [
      ['', '/'],
      ['/', '/'],
      ['/a/b?x=1&x=2', '/a/b?x=1&x=2'],
      ['/a%20b/%2F%3F%25', '/a%20b/%2F%3F%25'],
      ['//evil.example/x', '//evil.example/x'],
      ['/%C3%A9', '/%C3%A9'],
    ])
      expect(await (await call(`/u/${endpoint.path}${rest}`)).text(), rest).toBe(seen);
  });

  test('path parameters are decoded once', async () => {
    const { endpoint } = await publish('export default (p) => p', {
      subpaths: true,
      methods: ['GET'],
      parameters: [
        { name: 'a', in: 'path' },
        { name: 'b', in: 'path' },
      ],
    });
    expect(await (await call(`/u/${endpoint.path}/x%20%2541/%C3%A9`)).json()).toEqual({ a: 'x %41', b: 'é' });
  });
});

describe('methods', () => {
  const SHOW = `export const handler = (request) => new Response(request.method, { headers: { 'content-type': 'text/plain', 'x-method': request.method } })`;

  test('405 names what is allowed', async () => {
    const { endpoint } = await publish(SHOW, { methods: ['PUT', 'GET'] });
    const response = await call(`/u/${endpoint.path}`, { method: 'PATCH' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, PUT']);
  });

  test('HEAD is answered as GET is, without a body', async () => {
    const { endpoint } = await publish(SHOW, { methods: ['GET'] });
    const response = await call(`/u/${endpoint.path}`, { method: 'HEAD' });
    expect([response.status, response.headers.get('x-method'), await response.text()]).toEqual([200, 'GET', '']);
    expect(await runOf(response)).toMatchObject({ outcome: 'success', request: { method: 'HEAD' } });
    const { endpoint: posts } = await publish(SHOW);
    expect((await call(`/u/${posts.path}`, { method: 'HEAD' })).status).toBe(405);
  });

  test('OPTIONS is a method like any other where it is listed, and 405 where neither it nor CORS is', async () => {
    const { endpoint } = await publish(SHOW, { methods: ['OPTIONS'] });
    expect(await (await call(`/u/${endpoint.path}`, { method: 'OPTIONS' })).text()).toBe('OPTIONS');
    const { endpoint: without } = await publish(SHOW);
    expect((await call(`/u/${without.path}`, { method: 'OPTIONS' })).status).toBe(405);
  });
});

describe('CORS', () => {
  const APP = 'https://app.example';
  const ask = { origin: APP, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' };
  test('a preflight is answered before anything is checked or run', async () => {
    const counter = await publishCounter({ cors: { origins: [APP] } });
    const response = await call(counter.path, { method: 'OPTIONS', headers: ask });
    expect([response.status, Object.fromEntries(response.headers)]).toMatchObject([
      204,
      {
        'access-control-allow-origin': APP,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'x-api-key',
      },
    ]);
    await counter.expectUntouched();
  });
  test('answers and refusals carry the headers, for listed origins only', async () => {
    const { endpoint } = await publish(
      `export const handler = () => new Response('x', { headers: { 'content-type': 'text/plain', vary: 'accept-language', 'access-control-allow-origin': '*' } })`,
      { cors: { origins: [APP] } },
    );
    const send = (origin: string, method = 'POST') => call(`/u/${endpoint.path}`, { method, headers: { origin } });
    const good = await send(APP);
    expect(good.headers.get('access-control-allow-origin')).toBe(APP);
    expect(good.headers.get('vary')).toBe('accept-language, origin');
    expect((await send(APP, 'PUT')).headers.get('access-control-allow-origin')).toBe(APP);
    expect((await send('https://evil.example')).headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('bodies', () => {
  test('bytes arrive and leave as they are', async () => {
    const { endpoint } = await publish('export const handler = async (request) => await request.arrayBuffer()', {
      response: { types: ['application/octet-stream'] },
    });
    const sent = bytes(...Array.from({ length: 256 }, (_, n) => n));
    const response = await call(`/u/${endpoint.path}`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect([response.headers.get('content-type'), new Uint8Array(await response.arrayBuffer())]).toEqual([
      'application/octet-stream',
      sent,
    ]);
  });

  test.each([
    [`new File(['a;b'], 'a.csv', { type: 'text/csv' })`, 'text/csv'],
    [`new Blob(['a;b'])`, 'application/octet-stream'],
  ])('%s leaves as %s', async (source, type) => {
    const { endpoint } = await publish(`export default () => ${source}`, { response: { types: [type] } });
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    expect([response.headers.get('content-type'), await response.text()]).toEqual([type, 'a;b']);
  });

  test('a multipart form feeds parameters and files by name', async () => {
    const { endpoint } = await publish(
      `export default async ({ note, doc, docs }) => ({ note, doc: [doc.name, doc.type, [...new Uint8Array(await doc.arrayBuffer())]], docs: docs.map((d) => d.name) })`,
      { parameters: [{ name: 'doc', type: 'file', required: true, maxLength: 10 }, { name: 'note' }] },
    );
    const form = (size: number): FormData => {
      const data = new FormData();
      data.append('note', 'n');
      data.append('doc', new File([new Uint8Array(size).fill(255)], 'a.bin', { type: 'image/png' }));
      for (const name of ['x', 'y']) data.append('docs', new File([name], name));
      return data;
    };
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', body: form(2) });
    expect(await response.json()).toEqual({ note: 'n', doc: ['a.bin', 'image/png', [255, 255]], docs: ['x', 'y'] });
    expect((await call(`/u/${endpoint.path}`, { method: 'POST', body: form(11) })).status).toBe(422);
  });

  test('a file named __proto__ is a parameter of that name and no prototype', async () => {
    const { endpoint } = await publish(
      'export default (p) => [Object.keys(p), p instanceof File, ({}).x === undefined]',
    );
    const data = new FormData();
    data.append('__proto__', new File(['x'], 'x'));
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST', body: data })).json()).toEqual([
      ['__proto__'],
      false,
      true,
    ]);
  });

  test('a form that claims to be JSON is read as the form it is', async () => {
    const { endpoint } = await publish('export default ({ name1, name2 }) => [name1, name2]', {
      parameters: [{ name: 'name1', required: true }, { name: 'name2' }],
    });
    const body = new URLSearchParams({ name1: 'Ada & co', name2: 'é' }).toString();
    for (const headers of [JSON_TYPE, FORM_TYPE])
      expect(await (await call(`/u/${endpoint.path}`, { method: 'POST', headers, body })).json()).toEqual([
        'Ada & co',
        'é',
      ]);
  });

  test('repeated query parameters reach the handler, all of them', async () => {
    const { endpoint } = await publish('export default (p) => p', {
      methods: ['GET'],
      parameters: [
        { name: 'tag', in: 'query', type: 'array' },
        { name: 'one', in: 'query' },
      ],
    });
    expect(await (await call(`/u/${endpoint.path}?tag=a&tag=b&one=1&one=2`)).json()).toEqual({
      tag: ['a', 'b'],
      one: '1',
    });
  });

  test.each(['??one=1&?tag=x', '?=1&?one', '?&tag=a&one=2&', '?one=100%&tag=%zz', '?tag', '?'])(
    'the query %s gives the handler the parameters of the URL standard',
    async (query) => {
      const { endpoint } = await publish('export default (p) => p', {
        methods: ['GET'],
        parameters: [
          { name: 'tag', in: 'query' },
          { name: 'one', in: 'query' },
        ],
      });
      const seen = new URL(`https://a.dev/${query}`).searchParams;
      const response = await call(`/u/${endpoint.path}${query}`);
      expect(await response.json()).toEqual({ tag: seen.get('tag') ?? undefined, one: seen.get('one') ?? undefined });
      expect((await runOf(response)).request!.query).toBe(query.slice(1));
    },
  );

  test('credentials and the headers of the way do not reach the handler', async () => {
    const { endpoint } = await publish(
      'export const handler = (request, ctx) => ({ headers: Object.fromEntries(request.headers), caller: ctx.caller })',
    );
    const hidden = {
      'x-api-key': 'secret-k',
      cookie: 'secret-c',
      'cf-connecting-ip': '192.0.2.7',
      'x-forwarded-for': '192.0.2.7',
      'proxy-authorization': 'secret-p',
      'true-client-ip': '192.0.2.7',
    };
    const text = await (
      await call(`/u/${endpoint.path}`, { method: 'POST', headers: { ...hidden, 'x-mine': 'kept' } })
    ).text();
    expect(text).not.toMatch(/secret-|192\.0\.2/);
    expect(text).toContain('"x-mine":"kept"');
    expect(JSON.parse(text)).toMatchObject({ caller: { kind: 'anonymous', id: null } });
  });
});

describe('an empty body is no body under any content type', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s', async (method) => {
    const parameters = [
      { name: 'q', in: 'query' as const },
      { name: 'n', type: 'integer' as const },
    ];
    const { endpoint } = await publish('export default (params) => params', { methods: [method as 'GET'], parameters });
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'image/png']) {
      const response = await call(`/u/${endpoint.path}?q=1`, { method, headers: { 'content-type': type } });
      expect([response.status, await response.json()], type).toEqual([200, { q: '1' }]);
    }
  });
  test('a required field is missing from an empty body', async () => {
    const { endpoint } = await publish('export default (params) => params', {
      parameters: [{ name: 'n', required: true }],
    });
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers: JSON_TYPE });
    expect([response.status, await response.json()]).toMatchObject([422, { detail: 'n is required' }]);
  });
});

describe('text that is not UTF-8 is a 400 with its place, in every part of a request', () => {
  test.each<[place: string, suffix: string, init: RequestInit, pointer: string, detail: string]>([
    ['a JSON body', '', { method: 'POST', headers: JSON_TYPE, body: bytes(0x7b, 0x22, 0xff, 0x22, 0x7d) }, '#/body', 'The body is not UTF-8.'],
    ['a form', '', { method: 'POST', headers: FORM_TYPE, body: bytes(0x74, 0x3d, 0xe9) }, '#/body', 'The body is not UTF-8.'],
    ['a form with escapes', '', { method: 'POST', headers: FORM_TYPE, body: 't=caf%E9' }, '#/body/t', 'The field t is not UTF-8.'],
    ['a multipart body', '', { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: new Uint8Array([...new TextEncoder().encode('--b\r\ncontent-disposition: form-data; name="t"\r\n\r\n'), 0xe9, ...new TextEncoder().encode('\r\n--b--')]) }, '#/body/t', 'The field t is not UTF-8.'],
    ['the query', '?q=1&t=caf%E9', {}, '#/query/t', 'The query parameter t is not UTF-8.'],
    ['a name in the query', '?caf%E9=1', {}, '#/query/caf%E9', 'The query parameter caf%E9 is not UTF-8.'],
    ['the path', '/caf%E9', {}, '#/path', 'The path segment caf%E9 is not UTF-8.'],
  ])('%s', async (_place, suffix, init, pointer, detail) => {
    const { endpoint } = await publish('export default (params) => params', {
      methods: ['GET', 'POST'],
      subpaths: true,
      parameters: [{ name: 't' }, { name: 'q', in: 'query' }, { name: 'p', in: 'path' }],
    });
    const response = await call(`/u/${endpoint.path}${suffix}`, init);
    expect([response.status, await response.json()]).toMatchObject([400, { detail, errors: [{ pointer, code: 'not_text' }] }]);
  }); // oxfmt-ignore
  test('UTF-8 arrives, and a percent sign without an escape stays', async () => {
    const { endpoint } = await publish('export default (params) => params', {
      methods: ['GET'],
      subpaths: true,
      parameters: [
        { name: 'q', in: 'query' },
        { name: 'p', in: 'path' },
      ],
    });
    const response = await call(`/u/${endpoint.path}/100%25%C3%A9?q=100%&r=%EF%BF%BD`);
    expect(await response.json()).toEqual({ p: '100%é', q: '100%' });
  });
});

describe('an integer beyond 2^53', () => {
  const id = '9007199254740993';
  const python =
    'def _f(**values):\n    return {name: str(value) if isinstance(value, int) else repr(value) for name, value in values.items()}\nresult = _f\n';
  const send = (path: string, body: string, type = 'application/json') =>
    call(path, { method: 'POST', headers: { 'content-type': type }, body });

  test('arrives exactly in Python, from any place and at any depth', async () => {
    const parameters = [
      { name: 'n', type: 'integer' as const },
      { name: 'q', type: 'integer' as const, in: 'query' as const },
      { name: 'o', type: 'object' as const },
    ];
    const { endpoint } = await publish(python, { parameters }, 'py');
    const path = `/u/${endpoint.path}?q=-${id}`;
    const json = await send(path, `{"n":${id},"o":{"a":[${id}]},"free":${id}0}`);
    expect(await json.json()).toEqual({ n: id, q: `-${id}`, o: `{'a': [${id}]}`, free: `${id}0` });
    const form = await send(path, `n=${id}&o={"a":${id}}`, 'application/x-www-form-urlencoded');
    expect(await form.json()).toEqual({ n: id, q: `-${id}`, o: `{'a': ${id}}` });
  });

  test('is refused for a number of a JavaScript function, and is text inside other values', async () => {
    const parameters = [
      { name: 'n', type: 'number' as const },
      { name: 'o', type: 'json' as const },
    ];
    const { endpoint } = await publish('export default (params) => params', { parameters });
    const refused = await send(`/u/${endpoint.path}`, `{"n":${id}}`);
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { errors: [{ pointer: '#/body/n', code: 'too_big' }] },
    ]);
    const taken = await send(`/u/${endpoint.path}`, `{"o":{"a":[${id}]},"free":${id},"small":1}`);
    expect(await taken.json()).toEqual({ o: { a: [id] }, free: id, small: 1 });
  });

  test('is text in parameters, body and responses of a workflow', async () => {
    const { endpoint } = await publishWorkflow([respond({ p: { $: 'params.n' }, b: { $: 'body.n' } })]);
    expect(await (await send(`/u/${endpoint.path}`, `{"n":${id}}`)).json()).toEqual({ p: id, b: id });
  });

  test('is exact in Python behind a middleware, where it is text', async () => {
    const middleware = await saveMiddleware([
      { id: 'look', do: 'if', when: { $: `body.n === '${id}'` }, then: [{ id: 'seen', do: 'set', name: 'ok', value: true }], else: [{ id: 'no', do: 'throw', message: 'not text' }] },
    ]);
    const { endpoint } = await publish(python, { access: { level: 'public', middleware: [{ handler: middleware.path }] } }, 'py');
    expect(await (await send(`/u/${endpoint.path}`, `{"n":${id}}`)).json()).toEqual({ n: id });
  }); // oxfmt-ignore
});

test('a slash at the end of a URL is ignored', async () => {
  const source = 'export const handler = (request, ctx) => [new URL(request.url).pathname, ctx.endpoint.url]';
  const { endpoint } = await publish(source, { methods: ['GET'] });
  const url = `https://portico.test/u/${endpoint.path}`;
  for (const wire of ['/u', '/api/v1/http-endpoint/u']) {
    const base = `${wire}/${endpoint.path}`;
    expect(await (await call(base)).json()).toEqual(['/', url.replace('/u', wire)]);
    expect((await call(`${base}/`)).status).toBe(200);
    expect((await call(`${base}//`)).status).toBe(404);
    expect((await call(`${base}/x`)).status).toBe(404);
  }
  const below = await publish(source, { methods: ['GET'], subpaths: true });
  expect(await (await call(`/u/${below.endpoint.path}/`)).json()).toEqual([
    '/',
    `https://portico.test/u/${below.endpoint.path}`,
  ]);
});

describe('a JSON body reaches the handler as JSON.parse and JSON.stringify would pass it on', () => {
  const SOURCE = 'export default (params) => JSON.stringify(params) + Object.is(params.n, -0)';
  const PARAMETERS = [
    { name: 'a', type: 'json' as const },
    { name: 'n', type: 'number' as const, default: 7 },
  ];
  test.each([
    ['{"a":{"b":[1,"x"]},"n":1}', '{"a":{"b":[1,"x"]},"n":1}false'],
    [' {\n "a" : "\\u00e9\\ud800", "n" : 1.50 }\n', '{"a":"é\\ud800","n":1.5}false'],
    ['{"a":1,"a":2,"n":1e2}', '{"a":2,"n":100}false'],
    ['{"a":"2020-01-01","n":-0}', '{"a":"2020-01-01","n":0}false'],
    ['{"n":1,"a":2}', '{"a":2,"n":1}false'],
    ['{"n":1,"other":true,"a":null}', '{"other":true,"a":null,"n":1}false'],
    ['{"a":9007199254740993,"n":1}', '{"a":"9007199254740993","n":1}false'],
    ['{"a":{"__proto__":1},"n":1}', '{"a":{"__proto__":1},"n":1}false'],
    ['{"a":1}', '{"a":1,"n":7}false'],
    ['\ufeff{"a":1,"n":2}', '{"a":1,"n":2}false'],
  ])('%j is %s', async (body, seen) => {
    const { endpoint } = await publish(SOURCE, { parameters: PARAMETERS });
    const response = await call(`/u/${endpoint.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.text()).toBe(seen);
  });

  const LONG = 'line "of" text\n'.repeat(1000);
  test.each(['pooled', 'per-call', 'shared'] as const)(
    '%s: long texts among the parameters, and in the answer, in their places',
    async (instance) => {
      const source = `export default (params) => {
        if (!Object.hasOwn(params, '__proto__')) throw new Error('no own field');
        return { keys: Object.keys(params), sent: Object.entries(params) };
      }`;
      const { endpoint } = await publish(source, { instance, parameters: PARAMETERS });
      const body = `{"z":1,"__proto__":"${'p'.repeat(9000)}","a":${JSON.stringify(LONG)},"n":2,"wide":"${'ā\\ud800'.repeat(5000)}","t":""}`;
      const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers: JSON_TYPE, body });
      const sent = Object.entries(JSON.parse(body) as object);
      // Declared parameters follow the others.
      const order = ['z', '__proto__', 'wide', 't', 'a', 'n'];
      const expected = order.map((name) => sent.find(([key]) => key === name)!);
      const text = JSON.stringify({ keys: order, sent: expected });
      expect(await response.text()).toBe(text);
      expect((await runOf(response)).response).toMatchObject({ bytes: new TextEncoder().encode(text).length });
    },
  );
});

test.each(['X-Lang', 'x-lang', 'X-LANG'])(
  'a parameter of a header is read whatever the case of its name: %s',
  async (name) => {
    const parameters = [
      { name, in: 'header' as const, required: true },
      { name: 'sent', sentAs: 'X-Sent-As', in: 'header' as const },
    ];
    const { endpoint } = await publish('export default (params) => Object.values(params)', { parameters });
    const headers = { 'x-Lang': 'el', 'x-sent-AS': 'here' };
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers });
    expect(await response.json()).toEqual(['el', 'here']);
  },
);
