import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLimiter } from '../../src/platform/limiter';
import { createApp } from '../../src/http/app';
import { openContext } from '../../src/context';
import { createStore } from '../../src/storage/store';
import { testContext } from '../support/context';
import { lend } from '../support/host';
import { makeToken } from '../support/instabase';
import { call, ensureAdmin, makeKey, publish } from '../support/publish';
import { adminToken } from '../support/sign-in';

/** A database of which every statement fails as D1 says it does when it cannot be reached. */
const away = (message: string): D1Database => {
  const fail = (): Promise<never> =>
    Promise.reject(new Error(message, { cause: new Error(message.replace('D1_ERROR: ', '')) }));
  const statement = { bind: () => statement, all: fail, raw: fail, run: fail, first: fail };
  return { prepare: () => statement, batch: fail } as unknown as D1Database;
};
const LOST = away('D1_ERROR: Network connection lost.');
const app = createApp(openContext);
const execution = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;
const ask = (over: Partial<Env>, path: string, init: RequestInit = {}): Promise<Response> =>
  Promise.resolve(app(new Request(`https://portico.test${path}`, init), { ...env, ...over }, execution));

let bearer: Record<string, string>;
let named: Record<string, string>;
let path: string;
let key: Record<string, string>;
beforeAll(async () => {
  await ensureAdmin();
  bearer = { authorization: `Bearer ${await adminToken()}` };
  named = { authorization: `Bearer ${(await makeToken(['viewer'])).token}` };
  const { id, key: value } = await makeKey();
  key = { 'x-api-key': value! };
  path = `/u/${(await publish('export default () => 1', { access: { level: 'key', keys: [id] } })).endpoint.path}`;
});
afterEach(() => vi.restoreAllMocks());

describe('while D1 is away', () => {
  test.each<[string, () => [string, RequestInit], object]>([
    ['the admin API', () => ['/admin/users', { headers: bearer }], { code: 'unavailable' }],
    [
      'signing in',
      () => ['/admin/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"a","password":"b"}' }],
      { code: 'unavailable' },
    ],
    ['a call', () => [path, { method: 'POST', headers: key }], { code: 'unavailable' }],
    ['Instabase: management', () => ['/api/v1/http-endpoint/list', { headers: named }], { status: 'ERROR', code: 'unavailable' }],
    ['Instabase: a trigger', () => [`/api/v1/http-endpoint${path}`, { method: 'POST', headers: key }], { status: 'ERROR', code: 'unavailable' }],
    ['PLynx', () => ['/plynx/api/v0/graphs', {}], { status: 'failed' }],
  ])('%s is 503 with Retry-After', async (_name, request, body) => {
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const response = await ask({ DB: LOST }, ...request());
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject(body);
    expect(text).not.toMatch(/D1|Network|select/i);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as { message: string; error: string });
    expect(lines).toContainEqual(expect.objectContaining({ message: 'a store does not answer' }));
    expect(JSON.stringify(lines)).toContain('Network connection lost');
  }); // oxfmt-ignore

  test('an operation that a handler asks for', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const ctx = { ...testContext(), store: createStore({ ...env, DB: LOST }) };
    const { ask } = await lend((await publish('export default () => 1')).endpoint, { ctx });
    expect(await ask('tables.count', { table: 'x', where: [] })).toMatchObject({ error: { code: 'unavailable' } });
  });

  test('a route without a database answers', async () => {
    expect((await ask({ DB: LOST }, '/health')).status).toBe(200);
  });

  test('a bug is still a 500', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const DB = away('D1_ERROR: no such column: nope: SQLITE_ERROR');
    const response = await ask({ DB }, '/admin/users', { headers: bearer });
    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null]);
    expect(await response.json()).toMatchObject({ code: 'internal' });
  });

  test('a real database without its tables is not ready', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    await env.DB.prepare('alter table users rename to users_away').run();
    try {
      expect((await call('/admin/users', { headers: bearer })).status).toBe(503);
    } finally {
      await env.DB.prepare('alter table users_away rename to users').run();
    }
    expect((await call('/admin/users', { headers: bearer })).status).toBe(200);
  });
});

describe('while KV is away', () => {
  test('a key is looked up in D1', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    const KEYS = {
      get: () => Promise.reject(new Error('KV GET failed: 503 Service Unavailable')),
      put: () => Promise.resolve(),
    };
    expect((await ask({ KEYS: KEYS as unknown as KVNamespace }, path, { method: 'POST', headers: key })).status).toBe(
      200,
    );
    expect(String(warn.mock.calls[0])).toContain('the key cache does not answer');
  });
});

describe('a limit that cannot be counted', () => {
  test('refuses all calls', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const take = () => Promise.reject(Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true }));
    const limiter = createLimiter({ getByName: () => ({ take }) } as unknown as Env['LIMITER']);
    await expect(limiter.take('x', 1, 60)).rejects.toMatchObject({
      code: 'unavailable',
      extra: { headers: { 'retry-after': '1' } },
    });
    expect(String(log.mock.calls[0])).toContain('cannot count a limit');
  });
});
