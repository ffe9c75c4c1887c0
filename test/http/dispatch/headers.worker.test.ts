import { describe, expect, test } from 'vitest';
import { call, makeKey, publish, runOf, type EndpointOptions } from '../../support/publish';
import { respond, workflow } from '../../support/workflow';

/** The same answer, `[body, status, headers]`, from a handler of each kind. `status` and `headers` are JSON. */
const LANGUAGES: [
  language: string,
  extension: string,
  source: (status: number, headers: [string, string][]) => string,
][] = [
  [
    'a JavaScript tuple',
    'js',
    (status, headers) => `export const handler = () => ['x', ${status}, ${JSON.stringify(headers)}]`,
  ],
  [
    'a JavaScript Response',
    'js',
    (status, headers) =>
      `export const handler = () => new Response('x', { status: ${status}, headers: ${JSON.stringify(headers)} })`,
  ],
  [
    'a TypeScript app',
    'ts',
    (status, headers) =>
      `export default { fetch: (r: Request): Response => new Response('x', { status: ${status}, headers: ${JSON.stringify(headers)} }) }`,
  ],
  [
    'Python',
    'py',
    (status, headers) =>
      `from flask import Response\ndef handler(request):\n    r = Response("x", status=${status}, mimetype="text/plain")\n    for name, value in ${JSON.stringify(headers)}:\n        r.headers.add(name, value)\n    return r\n`,
  ],
  [
    'a workflow',
    'workflow.json',
    (status, headers) => {
      const grouped: Record<string, unknown> = {};
      for (const [name, value] of headers) grouped[name] = name in grouped ? [grouped[name], value].flat() : value;
      return workflow(respond('x', { status, headers: grouped }));
    },
  ],
];

async function answerOf(extension: string, source: string, options: EndpointOptions = {}) {
  const { endpoint } = await publish(source, options, extension);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', redirect: 'manual' });
  return { response, headers: response.headers, status: response.status, text: await response.text() };
}

describe.each(LANGUAGES)('%s', (_language, extension, source) => {
  test('keeps a header that is set twice', async () => {
    const links: [string, string][] = [
      ['link', '</u/a>; rel=next'],
      ['link', '</u/b>; rel=prev'],
    ];
    const { headers } = await answerOf(extension, source(200, links));
    expect(headers.get('link')?.replaceAll(/, ?/g, ', ')).toBe('</u/a>; rel=next, </u/b>; rel=prev');
  });

  test('warns of a header that it may not set, and of no other', async () => {
    const { response } = await answerOf(
      extension,
      source(200, [
        ['set-cookie', 'a=b'],
        ['x-mine', '1'],
        ['etag', '"1"'],
      ]),
    );
    expect([response.headers.get('set-cookie'), response.headers.get('x-mine')]).toEqual([null, '1']);
    const { logs } = await runOf(response);
    expect(logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
      expect.stringMatching(/^warn .*set-cookie/),
    ]);
  });

  test('redirects to a host that the endpoint lists, and to no other', async () => {
    const leave = source(302, [['location', 'https://shop.example/thanks']]).replace("'x'", 'null');
    const refused = await answerOf(extension, leave);
    expect([refused.status, refused.text]).toEqual([502, expect.stringContaining('response.redirects')]);
    const listed = await answerOf(extension, leave, { response: { redirects: ['shop.example'] } });
    expect([listed.status, listed.headers.get('location')]).toEqual([302, 'https://shop.example/thanks']);
  });

  test('sets the cookies that the endpoint lists, for its path, and no other', async () => {
    const given = source(200, [
      ['set-cookie', 'cart=1; Domain=portico.test; Path=/; Max-Age=60'],
      ['set-cookie', 'theme=dark; SameSite=Strict'],
      ['set-cookie', 'other=1'],
    ]);
    const { response, headers } = await answerOf(extension, given, { response: { cookies: ['cart', 'theme'] } });
    const cookies = headers.getSetCookie().map((cookie) => cookie.replace(/\/u\/[^;]+/, '/u/<path>'));
    expect(cookies).toEqual([
      'cart=1; Path=/u/<path>; Max-Age=60; Secure; HttpOnly; SameSite=Lax',
      'theme=dark; Path=/u/<path>; Secure; HttpOnly; SameSite=Strict',
    ]);
    const run = await runOf(response);
    expect(run.logs.map(({ message }) => message)).toEqual([expect.stringContaining('does not list other')]);
    expect(run.response!.headers['set-cookie']).toBe('[redacted]');
  });
});

test('a stream of Hono warns of nothing that its author never wrote', async () => {
  const source = `import { Hono } from 'hono'; import { streamText } from 'hono/streaming';
    const app = new Hono(); app.post('/', (c) => streamText(c, async (s) => { await s.write('a'); await s.write('b') })); export default app`;
  const { response, text } = await answerOf('js', source);
  expect(text).toBe('ab');
  expect((await runOf(response)).logs).toEqual([]);
});

test('a header beside the usual ones goes out where the endpoint lists it', async () => {
  const source = "export const handler = () => ['x', 200, { 'Acme-Cost': '3' }]";
  expect((await answerOf('js', source)).headers.get('acme-cost')).toBeNull();
  expect((await answerOf('js', source, { response: { headers: ['acme-cost'] } })).headers.get('acme-cost')).toBe('3');
});

test('an answer behind a key is for no shared cache', async () => {
  const source = "export const handler = () => ['x', 200, { 'cache-control': 'public, max-age=60' }]";
  expect((await answerOf('js', source)).headers.get('cache-control')).toBe('public, max-age=60');
  const key = await makeKey();
  const { endpoint } = await publish(source, { access: { level: 'key', keys: [key.id] } });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': key.key! } });
  expect([response.headers.get('cache-control'), response.headers.get('vary')]).toEqual([
    'private, max-age=60',
    'authorization, x-api-key',
  ]);
});

test('a handler reads the cookies that its endpoint lists, and a run keeps none', async () => {
  const source =
    "export const handler = (request) => { console.log(request.headers.get('cookie')); return request.headers.get('cookie') }";
  const { endpoint } = await publish(source, { response: { cookies: ['cart'] } });
  const headers = { cookie: 'a=b; cart=four-seven; __Host-portico=secret; cartoon=1' };
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers });
  expect(await response.text()).toBe('cart=four-seven');
  const run = await runOf(response);
  expect([run.request.headers.cookie, run.logs[0]!.message]).toEqual([
    '[redacted]',
    expect.not.stringContaining('four'),
  ]);
});

test('headers of callers that are credentials, addresses or Portico’s own reach no handler', async () => {
  const source = 'export const handler = (request) => [...request.headers.keys()]';
  const { endpoint } = await publish(source);
  const sent = {
    'x-request-id': 'a',
    'x-run-id': 'b',
    'x-portico-depth': '1.x',
    'x-portico-message': 'c',
    'x-forwarded-for': '192.0.2.7',
    'true-client-ip': '192.0.2.7',
    via: '1.1 proxy',
    cookie: 'a=b',
    'x-kept': 'yes',
  };
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers: sent });
  const names = await response.json<string[]>();
  expect(names.filter((name) => name in sent)).toEqual(['x-kept']);
});
