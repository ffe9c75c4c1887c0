import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeContent } from '../../../src/core/gateway/content-coding';
import { ApiError } from '../../../src/kernel/errors';
import { postJson, publish, call, runOf } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

const LIMIT = 1000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (body: Uint8Array, coding: string | null, limit = LIMIT): string =>
  new TextDecoder().decode(decodeContent(new Uint8Array(body).buffer, coding, limit));
const refusal = (body: Uint8Array, coding: string): ApiError => {
  try {
    read(body, coding);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('was read');
};

test.each<[string | null, Uint8Array]>([
  [null, bytes('hello')],
  ['identity', bytes('hello')],
  ['', bytes('hello')],
  ['gzip', gzipSync('hello')],
  ['GZIP ', gzipSync('hello')],
  ['x-gzip', gzipSync('hello')],
  ['deflate', deflateSync('hello')],
  ['deflate', deflateRawSync('hello')],
  ['br', brotliCompressSync('hello')],
])('%s is undone', (coding, body) => expect(read(body, coding)).toBe('hello'));

test.each(['zstd', 'compress', 'gzip, gzip', 'gzip, br', 'aws-chunked', '*', '__proto__'])(
  '%s is a 415 that names it',
  (coding) => {
    const error = refusal(gzipSync('hello'), coding);
    expect([error.code, error.extra.headers]).toEqual([
      'unsupported_media_type',
      { 'accept-encoding': 'gzip, deflate, br' },
    ]);
    expect(error.message).toContain(coding);
  },
);

test.each<[string, Uint8Array]>([
  ['gzip', bytes('{"a":1}')],
  ['gzip', gzipSync('hello').subarray(0, 15)],
  ['gzip', bytes('')],
  ['deflate', bytes('hello')],
  ['deflate', deflateSync('hello'.repeat(50)).subarray(0, 8)],
  ['br', bytes('hello hello hello')],
])('bytes that are not %s are a 400', (coding, body) =>
  expect(refusal(body, coding)).toMatchObject({ code: 'invalid_body' }),
);

describe('the limit is that of what comes out', () => {
  const packers: [string, (data: Uint8Array) => Uint8Array][] = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ];
  test.each(packers)('%s', (coding, pack) => {
    expect(read(pack(new Uint8Array(LIMIT).fill(97)), coding)).toHaveLength(LIMIT);
    expect(refusal(pack(new Uint8Array(LIMIT + 1).fill(97)), coding).code).toBe('body_too_large');
    // Out of 10 KB: what would come out need not fit into an isolate.
    expect(refusal(pack(new Uint8Array(10_000_000)), coding).code).toBe('body_too_large');
  });
  test('an empty limit allows an empty body only', () => {
    expect(() => read(gzipSync('a'), 'gzip', 0)).toThrow('larger than the 0 bytes');
    expect(read(gzipSync(''), 'gzip', 0)).toBe('');
  });
});

describe('over HTTP', () => {
  const packed = gzipSync('{"a":1,"b":"é"}');
  const send = (path: string, coding: string, body: Uint8Array = packed) =>
    call(`/u/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
      body: new Uint8Array(body),
    });
  const parameters = [{ name: 'a', type: 'integer' as const }];

  test('parameters are read from it', async () => {
    const { endpoint } = await publish('export default (params) => params', { parameters });
    expect(await (await send(endpoint.path, 'gzip')).json()).toEqual({ a: 1, b: 'é' });
    const refused = await send(endpoint.path, 'zstd');
    expect([refused.status, refused.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
    expect(await refused.json()).toMatchObject({
      code: 'unsupported_media_type',
      detail: expect.stringContaining('zstd') as string,
    });
    const bomb = await send(endpoint.path, 'gzip', gzipSync(new Uint8Array(20_000_000)));
    expect([bomb.status, (await runOf(bomb)).outcome]).toEqual([413, 'rejected']);
  });

  test.each<[string, string]>([
    ['js', 'export const handler = async (request) => [[...new Uint8Array(await request.arrayBuffer())], 200, { "x-coding": request.headers.get("content-encoding") }]'],
    ['py', 'def handler(request):\n    return list(request.get_data()), 200, {"x-coding": request.headers["content-encoding"]}\n'],
  ])('a handler in .%s that takes the request gets it as it was sent, whatever the coding', async (extension, source) => {
    const { endpoint } = await publish(source, {}, extension);
    const response = await send(endpoint.path, 'aws-chunked');
    expect([response.headers.get('x-coding'), await response.json()]).toEqual(['aws-chunked', [...packed]]);
  }); // oxfmt-ignore

  test('steps get it unpacked, middleware too', async () => {
    const steps = [respond({ body: { $: 'body' }, text: { $: 'request.text' }, a: { $: 'params.a' }, coding: { $: "headers['content-encoding'] ?? null" } })];
    const { endpoint } = await publishWorkflow(steps);
    expect(await (await send(endpoint.path, 'gzip')).json()).toEqual({ body: { a: 1, b: 'é' }, text: '{"a":1,"b":"é"}', a: 1, coding: null });
    const middleware = await saveMiddleware([{ id: 'pass', do: 'set', name: 'seen', value: { $: 'body.b' } }]);
    const guarded = await publish('export const handler = (request, ctx) => 1', { access: { level: 'public', middleware: [{ handler: middleware.path }] } });
    const response = await send(guarded.endpoint.path, 'gzip');
    expect((await runOf(response)).steps).toMatchObject([{ id: 'pass' }]);
    expect(response.status).toBe(200);
  }); // oxfmt-ignore

  test('a call without a coding is as before', async () => {
    const { endpoint } = await publish('export default (params) => params', { parameters });
    expect(await (await postJson(`/u/${endpoint.path}`, { a: 1 })).json()).toEqual({ a: 1 });
  });
});
