import { describe, expect, test, vi } from 'vitest';
import { createEndpoint } from '../../../src/core/publishing/endpoints/create-endpoint';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { CreateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { createVersion } from '../../../src/core/publishing/handlers/create-version';
import { deployVersion } from '../../../src/core/publishing/handlers/deploy-version';
import { callAdmin } from '../../support/admin-api';
import { createAnswerCache } from '../../../src/platform/answer-cache';
import { testContext } from '../../support/context';
import { call, makeKey, publish, runOf, saveHandler, unique, type EndpointOptions } from '../../support/publish';
import { clearOfWindowEnd } from '../../support/rate-window';
import { adminToken } from '../../support/sign-in';

/** Answers what it sees of its call, and how often it ran. */
const SOURCE = `let n = 0;
export const handler = (request, ctx) => {
  const url = new URL(request.url);
  return [{ n: ++n, path: url.pathname, query: url.search, caller: ctx.caller.name, headers: [...request.headers] }, 200, {}];
}`;
interface Seen {
  n: number;
  path: string;
  query: string;
  caller: string;
  headers: [string, string][];
}

const cached = (options: EndpointOptions & { source?: string } = {}) =>
  publish(options.source ?? SOURCE, {
    methods: ['GET', 'POST'],
    cache: { ttlSeconds: 60 },
    ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'source')),
  });

async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await call(`/u/${path}`, { method, headers, redirect: 'manual' });
  const text = await response.text();
  const body = text.startsWith('{') ? (JSON.parse(text) as Seen) : null;
  const status = response.headers.get('cache-status') ?? '';
  return { response, status: response.status, headers: response.headers, text, body, isHit: status.includes('hit') };
}
/** Calls until the answer comes from the cache: it is stored after the response. */
const warm = (path: string, headers: Record<string, string> = {}) =>
  vi.waitFor(
    async () => {
      const found = await get(path, headers);
      expect(found.isHit).toBe(true);
      return found;
    },
    { timeout: 20_000, interval: 20 },
  );

describe('an answer from the cache', () => {
  test('is the first one, with its age, for the same call, and its run says so', async () => {
    const { endpoint } = await cached();
    const first = await get(endpoint.path);
    expect([first.isHit, first.headers.get('cache-control'), first.headers.get('cache-status')]).toEqual([
      false,
      'no-cache',
      'portico; fwd=miss',
    ]);
    const second = await warm(endpoint.path);
    expect(second.headers.get('age')).toMatch(/^\d+$/);
    expect(second.headers.get('x-run-id')).not.toBe(first.headers.get('x-run-id'));
    expect(await runOf(second.response)).toMatchObject({
      outcome: 'success',
      cached: true,
      response: { status: 200, body: second.text },
    });
    expect(await runOf(first.response)).not.toHaveProperty('cached');
    expect((await get(`${endpoint.path}?a=1`)).isHit).toBe(false);
  });

  test('is a 304 for a caller who has it, and has no body for HEAD', async () => {
    const { endpoint } = await cached();
    const { headers } = await warm(endpoint.path);
    const etag = headers.get('etag')!;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const sent of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const same = await get(endpoint.path, { 'if-none-match': sent });
      expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await get(endpoint.path, { 'if-none-match': '"other"' })).status).toBe(200);
    const head = await get(endpoint.path, {}, 'HEAD');
    expect([head.isHit, head.status, head.text]).toEqual([true, 200, '']);
  });

  test('is never older than the code, its settings, or its secrets', async () => {
    const { endpoint, handler } = await cached({ source: "export default () => 'one'" });
    expect((await warm(endpoint.path)).text).toBe('one');
    const ctx = testContext();
    await createVersion(ctx, handler.id, { source: "export default () => 'two'", note: '', deploy: true }, null);
    expect((await warm(endpoint.path)).text).toBe('two');
    await deployVersion(ctx, handler.id, 1, null);
    // Not even the answer that the first version gave before.
    expect(await get(endpoint.path)).toMatchObject({ isHit: false, text: 'one' });
    await warm(endpoint.path);
    await updateEndpoint(ctx, endpoint.id, { title: 'x' }, null);
    expect((await get(endpoint.path)).isHit).toBe(false);
  });

  test('passes access, rate limits and quotas as any call', { timeout: 60_000 }, async () => {
    await clearOfWindowEnd(3600);
    const key = await makeKey();
    const { endpoint } = await cached({
      access: { level: 'key', keys: [key.id] },
      cache: { ttlSeconds: 60, by: 'all' },
      rateLimit: { limit: 100, windowSeconds: 3600, by: 'key' },
    });
    const mine = { 'x-api-key': key.key! };
    const hit = await warm(endpoint.path, mine);
    expect(hit.headers.get('cache-control')).toBe('private, no-cache');
    expect(hit.headers.get('vary')).toContain('x-api-key');
    expect((await get(endpoint.path)).status).toBe(401);
    const all = await Promise.all(Array.from({ length: 100 }, () => get(endpoint.path, mine)));
    expect(new Set(all.map(({ status, isHit }) => `${status} ${isHit}`))).toEqual(new Set(['200 true', '429 false']));
  });
});

describe('callers', () => {
  test('have answers of their own, unless they share them: then the handler sees none', async () => {
    const [one, other] = [await makeKey(), await makeKey()];
    const access = { level: 'key' as const, keys: [one.id, other.id] };
    const apart = await cached({ access });
    expect((await warm(apart.endpoint.path, { 'x-api-key': one.key! })).body!.caller).toBe(one.alias);
    expect(await get(apart.endpoint.path, { 'x-api-key': other.key! })).toMatchObject({
      isHit: false,
      body: { caller: other.alias },
    });
    const shared = await cached({ access, cache: { ttlSeconds: 60, by: 'all' } });
    expect((await warm(shared.endpoint.path, { 'x-api-key': one.key! })).body!.caller).toBe('');
    expect((await get(shared.endpoint.path, { 'x-api-key': other.key! })).isHit).toBe(true);
  });
});

describe('no caller shapes the answer of another', () => {
  test('a header counts and reaches the handler, or does neither', async () => {
    const { endpoint } = await cached({ cache: { ttlSeconds: 60, vary: ['header:accept-language'] } });
    const evil = { 'x-forwarded-host': 'evil.example', 'x-original-url': '/admin', origin: 'https://evil.example' };
    const first = await get(endpoint.path, { ...evil, 'x-evil': '1', range: 'bytes=0-1', 'accept-language': 'nl' });
    expect(first.body!.headers).toEqual([['accept-language', 'nl']]);
    const hit = await warm(endpoint.path, { 'accept-language': 'nl', 'accept-encoding': 'br', 'user-agent': 'x' });
    expect([hit.status, hit.headers.get('vary')]).toEqual([200, 'accept-language']);
    expect(await get(endpoint.path, { 'accept-language': 'fr' })).toMatchObject({
      isHit: false,
      body: { headers: [['accept-language', 'fr']] },
    });
  });

  test('so do fields of the query, which parameters read under other names too', async () => {
    const { endpoint } = await cached({
      cache: { ttlSeconds: 60, vary: ['query:page'] },
      parameters: [{ name: 'tags', in: 'query', type: 'array' }],
    });
    expect((await get(`${endpoint.path}?utm=1&page=2&evil`)).body!.query).toBe('?page=2');
    expect((await warm(`${endpoint.path}?page=2&utm=3`)).body!.query).toBe('?page=2');
    expect((await get(`${endpoint.path}??page=1&page=4`)).body!.query).toBe('?page=4');
    await warm(`${endpoint.path}?tags[]=a`);
    expect((await get(`${endpoint.path}?tags[]=b`)).isHit).toBe(false);
  });

  test('the path counts as sent, and a body is not part of a cached call', async () => {
    const { endpoint } = await cached({ subpaths: true });
    const paths = ['/a', '/a/', '/A', '/%61', '/a.css', '/a;x', ''];
    for (const path of paths) expect((await get(endpoint.path + path)).isHit, path).toBe(false);
    const body = { method: 'POST', body: 'x', headers: { 'x-seen': '1', 'content-type': 'text/plain' } };
    const posted = await call(`/u/${endpoint.path}/a`, body);
    const seen = await posted.json<Seen>();
    expect([posted.headers.has('cache-status'), seen.headers.some(([name]) => name === 'x-seen')]).toEqual([
      false,
      true,
    ]);
  });
});

describe('an answer is not kept', () => {
  test.each([
    ['an error', "['no', 404, {}]"],
    ['a failure', "{ throw new Error('x') }"],
    ['a redirect', "[null, 302, { location: '/u/x' }]"],
    ['a part', "['x', 206, { 'content-range': 'bytes 0-0/2' }]"],
    ['no-store', "['x', 200, { 'cache-control': 'no-store' }]"],
    ['max-age=0', "['x', 200, { 'cache-control': 'max-age=0' }]"],
    ['vary: *', "['x', 200, { vary: '*' }]"],
    ['more than 1 MiB', "['x'.repeat(1048577), 200, {}]"],
    ['a streamed body that is larger', 'new Response(new Blob([new Uint8Array(1048577)]).stream())'],
  ])('%s', async (_what, answer) => {
    const { endpoint } = await cached({
      source: `export const handler = () => ${answer.startsWith('{') ? answer : `(${answer})`}`,
      response: { types: ['text/plain', 'application/octet-stream'] },
      limits: { responseBytes: 2_000_000 },
    });
    await get(endpoint.path);
    expect((await get(endpoint.path)).isHit).toBe(false);
  });

  test('a streamed body is, when it is complete', async () => {
    const { endpoint } = await cached({
      source:
        "export const handler = () => new Response(new Blob(['abc']).stream(), { headers: { 'content-type': 'text/plain' } })",
    });
    expect((await warm(endpoint.path)).text).toBe('abc');
  });

  test('longer than the endpoint or the handler says', async () => {
    const { endpoint } = await cached({
      source: "export const handler = () => ['x', 200, { 'cache-control': 'max-age=5' }]",
    });
    const hit = await warm(endpoint.path);
    expect([hit.headers.get('cache-control'), hit.headers.get('cache-status')]).toEqual([
      'max-age=5',
      expect.stringMatching(/ttl=[0-5]$/),
    ]);
  });
});

test.each([
  [{ methods: ['POST'] }, 'nothing_to_cache'],
  [{ response: { cookies: ['a'] } }, 'cache_with_cookies'],
  [{ cache: { ttlSeconds: 60, by: 'key' }, access: { level: 'public' } }, 'key_without_keys'],
  [{ cache: { ttlSeconds: 60, vary: ['header:cookie'] } }, 'closed_header'],
  [{ cache: { ttlSeconds: 60, vary: ['accept'] } }, 'invalid'],
  [{ cache: { ttlSeconds: 0 } }, 'invalid'],
])('a save refuses %j', async (options, code) => {
  const { path } = await saveHandler(SOURCE);
  const body = { path: unique('ep'), methods: ['GET'], cache: { ttlSeconds: 60 }, handler: { path }, ...options };
  const refused = await callAdmin('POST', '/endpoints', { token: await adminToken(), body });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain(code);
});

test('answers that middleware may decide are not shared', async () => {
  const mw = JSON.stringify({ kind: 'middleware', steps: [] });
  const middleware = await saveHandler(mw, `${unique('mw')}.workflow.json`);
  const { path } = await saveHandler(SOURCE);
  const create = (by: 'all' | 'principal') =>
    createEndpoint(
      testContext(),
      CreateEndpointInput.parse({
        methods: ['GET'],
        handler: { path },
        access: { level: 'public', middleware: [{ handler: middleware.path }] },
        cache: { ttlSeconds: 60, by },
      }),
    );
  await expect(create('all')).rejects.toMatchObject({
    extra: { issues: [{ pointer: '#/cache/by', code: 'shared_with_middleware' }] },
  });
  const endpoint = await create('principal');
  expect((await warm(endpoint.path)).body!.n).toBe(1);
});

test('an isolate stores so many answers in a minute, and more in the next', async () => {
  const cache = createAnswerCache(2);
  const answer = { status: 200, headers: [], body: new Uint8Array(0), storedAt: 60_000, expiresAt: 120_000 };
  const seen = async (key: string): Promise<boolean> => (await cache.get(`a-minute-${key}`)) !== null;
  for (const key of ['a', 'b', 'c']) await cache.put(`a-minute-${key}`, answer);
  expect([await seen('a'), await seen('b'), await seen('c')]).toEqual([true, true, false]);
  await cache.put('a-minute-c', { ...answer, storedAt: 120_000, expiresAt: 180_000 });
  expect(await seen('c')).toBe(true);
});
