import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { call, publish } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

const hmac = (bytes: Uint8Array): string =>
  createHmac('sha256', 'k')
    .update(bytes as unknown as string)
    .digest('hex');

/** A step that signs bytes, which the expression `of` makes. */
const sign = (of: string): object => ({
  id: 'sign',
  do: 'code',
  source: [
    "const key = await crypto.subtle.importKey('raw', new TextEncoder().encode('k'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);",
    `const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, ${of}));`,
    "return [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('');",
  ].join('\n'),
});
const OF_TEXT = 'new TextEncoder().encode(request.text)';
const OF_BYTES = 'Uint8Array.from(atob(request.base64), (character) => character.charCodeAt(0))';

describe('a signature of the body', () => {
  const form = new TextEncoder().encode('--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n');
  test.each<[string, string, Uint8Array]>([
    ['JSON', 'application/json', new TextEncoder().encode('{"n": "Zoë"}\r\n')],
    ['JSON with a byte order mark', 'application/json', new TextEncoder().encode('\ufeff{"n":1}')],
    ['a form', 'application/x-www-form-urlencoded', new TextEncoder().encode('payload=%7B%7D&empty=')],
    ['multipart', 'multipart/form-data; boundary=b', form],
    ['bytes that are not text', 'application/octet-stream', new Uint8Array([0, 255, 254, 0xc3])],
    ['100 KB', 'application/octet-stream', new Uint8Array(100_000).fill(0xe9)],
    ['nothing', 'application/json', new Uint8Array()],
  ])('can be made of %s', async (name, type, body) => {
    const wanted = hmac(body);
    const send = async (of: string): Promise<string> => {
      const { endpoint } = await publishWorkflow([sign(of), respond({ $: 'steps.sign' })]);
      const init = { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) };
      return (await call(`/u/${endpoint.path}`, init)).text();
    };
    expect(await send(OF_BYTES)).toBe(wanted);
    if (/JSON|form/.test(name)) expect(await send(OF_TEXT)).toBe(wanted);
  });

  test('a body with a byte order mark is JSON all the same', async () => {
    const { endpoint } = await publishWorkflow([respond({ n: { $: 'body.n' }, p: { $: 'params.n' } })]);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '\ufeff{"n":1}' };
    expect(await (await call(`/u/${endpoint.path}`, init)).json()).toEqual({ n: 1, p: 1 });
  });
});

describe('a handler knows the URL that it was called by', () => {
  const kinds: [string, string, string][] = [
    ['a JavaScript function', 'js', 'export default (params, ctx) => ctx.endpoint'],
    ['a JavaScript handler', 'js', 'export const handler = (request, ctx) => ctx.endpoint'],
    ['a TypeScript app', 'ts', 'export default { fetch: (r: Request, env: object, ctx: any) => Response.json(ctx.endpoint) }'],
    ['Python', 'py', 'from portico import ctx\ndef handler(request):\n    return {"path": ctx.endpoint.path, "url": ctx.endpoint.url}\n'],
    ['a workflow', 'workflow.json', JSON.stringify({ kind: 'workflow', steps: [respond({ $: 'request.endpoint' })] })],
  ]; // oxfmt-ignore
  test.each(kinds)('%s', async (_name, extension, source) => {
    const { endpoint } = await publish(source, { subpaths: true, methods: ['GET'] }, extension);
    const wanted = { path: endpoint.path, url: `https://portico.test/u/${endpoint.path}` };
    for (const suffix of ['', '/', '/orders/7?x=1', '/a%20b//c'])
      expect(await (await call(`/u/${endpoint.path}${suffix}`)).json(), suffix).toEqual(wanted);
  });

  test('a middleware knows that of the call it guards', async () => {
    const middleware = await saveMiddleware([
      { id: 'see', do: 'throw', status: 418, message: { tpl: '{{request.endpoint.url}}' } },
    ]);
    const { endpoint } = await publish('export default () => 1', {
      access: { level: 'public', middleware: [{ handler: middleware.path }] },
    });
    const answer = await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json();
    expect(answer).toMatchObject({ detail: `https://portico.test/u/${endpoint.path}` });
  });

  test('a handler that a step calls knows the endpoint of that call', async () => {
    const { handler } = await publish('export default (params, ctx) => ctx.endpoint');
    const { endpoint } = await publishWorkflow([
      { id: 'c', do: 'call', handler: handler.path },
      respond({ $: 'steps.c.body ?? steps.c' }),
    ]);
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toEqual({
      path: endpoint.path,
      url: `https://portico.test/u/${endpoint.path}`,
    });
  });
});

test('a date is ISO 8601 in a text, and a date of HTTP in a header', async () => {
  const { endpoint } = await publishWorkflow([
    respond(
      { tpl: 'due {{new Date(0)}}, list {{[new Date(0)]}}, none {{new Date(NaN)}}' },
      { headers: { 'last-modified': { $: 'new Date(0)' } } },
    ),
  ]);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.text()).toBe('due 1970-01-01T00:00:00.000Z, list ["1970-01-01T00:00:00.000Z"], none ');
  expect(response.headers.get('last-modified')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
});

test('request as a whole does not repeat its body in base64', async () => {
  const { endpoint } = await publishWorkflow([respond({ $: 'Object.keys(request)' })]);
  const names = await (await call(`/u/${endpoint.path}`, { method: 'POST', body: 'x' })).json();
  expect(names).toEqual(['method', 'url', 'path', 'text', 'queries', 'endpoint']);
});
