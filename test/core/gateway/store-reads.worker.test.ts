import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { dispatch } from '../../../src/core/gateway/dispatch';
import { createIsolateCache } from '../../../src/core/gateway/isolate-cache';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { generateKey } from '../../../src/core/identity/keys/key-value.rules';
import { toProblem } from '../../../src/http/wire/errors';
import { createStore } from '../../../src/storage/store';
import { testContext } from '../../support/context';
import { counting } from '../../support/counting';
import { ensureAdmin, makeKey, publish, unique } from '../../support/publish';

/** An isolate that has just started, and counts what it asks of the stores; its clock stands until it is moved. */
function isolate(DB: D1Database = env.DB, noteToo: (call: string) => void = () => undefined) {
  const calls: string[] = [];
  const base = testContext();
  const note = (call: string): void => {
    calls.push(call);
    noteToo(call);
  };
  const store = createStore({ ...env, DB: counting(DB, 'DB', note), KEYS: counting(env.KEYS, 'KEYS', note) });
  let now = Date.now();
  const deferred: Promise<unknown>[] = [];
  const ctx: Context = {
    ...base,
    store,
    cache: createIsolateCache(store, base.runtime, base.settings),
    now: () => now,
    defer: (work) => void deferred.push(work),
    recorder: { record: () => undefined },
  };
  return {
    wait: (ms: number): void => void (now += ms),
    /** Status of one call, and what it and its background work asked of the stores. */
    call: async (path: string, headers: Record<string, string> = {}): Promise<[number, string[]]> => {
      const request = new Request(`https://portico.test/u/${path}`, { method: 'POST', headers });
      const { status } = await dispatch(ctx, request, path, toProblem);
      while (deferred.length > 0) await deferred.shift();
      return [status, calls.splice(0)];
    },
  };
}

beforeAll(ensureAdmin);
const guarded = async () => {
  const key = await makeKey();
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
  return { path: endpoint.path, headers: { 'x-api-key': key.key! } };
};

test('a cold call asks for one D1 batch and one KV entry, a warm one for nothing', async () => {
  const { path, headers } = await guarded();
  const { call, wait } = isolate();
  // The first call of a key, and one in an hour after that, notes its use.
  expect(await call(path, headers)).toEqual([200, ['DB.batch', 'KEYS.get', 'DB.run']]);
  for (let i = 0; i < 5; i++) expect(await call(path, headers)).toEqual([200, []]);
  wait(2000);
  expect(await call(path, headers)).toEqual([200, []]);
});

test('a cold call asks KV while it waits for D1', async () => {
  const { path, headers } = await guarded();
  const asked = Promise.withResolvers<void>();
  const waiting = {
    prepare: (query: string) => env.DB.prepare(query),
    batch: async (statements: D1PreparedStatement[]) => {
      await asked.promise;
      return env.DB.batch(statements);
    },
  } as D1Database;
  const { call } = isolate(waiting, (name) => void (name === 'KEYS.get' && asked.resolve()));
  expect(await call(path, headers)).toEqual([200, ['DB.batch', 'KEYS.get', 'DB.run']]);
});

test('a definition in the second half of its time is renewed by one batch in the background', async () => {
  const { path, headers } = await guarded();
  const { call, wait } = isolate();
  await call(path, headers);
  wait(3000);
  expect(await call(path, headers)).toEqual([200, ['DB.batch']]);
  expect(await call(path, headers)).toEqual([200, []]);
});

test('a public endpoint needs no KV', async () => {
  const { endpoint } = await publish('export default () => 1');
  const { call } = isolate();
  expect(await call(endpoint.path)).toEqual([200, ['DB.batch']]);
  expect(await call(endpoint.path)).toEqual([200, []]);
});

test.each(['', 'a b', '..%2fadmin', 'x%00', 'x;a=1', 'é', 'x'.repeat(65)])(
  'the path %j costs no store read',
  async (path) => {
    expect(await isolate().call(path)).toEqual([404, []]);
  },
);

test('of several endpoints below one segment each is one batch when it is cold, and nothing when it is warm', async () => {
  const root = unique('many');
  const at = (path: string) => publish('export default ({ id }) => id ?? 1', { path: `${root}/${path}` });
  await Promise.all([at('latest'), at(':id')]);
  const { call, wait } = isolate();
  expect(await call(`${root}/7`)).toEqual([200, ['DB.batch', 'DB.batch']]);
  expect(await call(`${root}/latest`)).toEqual([200, ['DB.batch']]);
  expect(await call(`${root}/8`)).toEqual([200, []]);
  expect(await call(`${root}/8/items`)).toEqual([404, []]);
  wait(3000);
  // The routes come with the definition.
  expect(await call(`${root}/8`)).toEqual([200, ['DB.batch']]);
  wait(3000);
  expect(await call(`${root}/8`)).toEqual([200, ['DB.batch']]);
  expect(await call(`${root}/none/none`)).toEqual([404, []]);
});

test('an endpoint that moved answers at its new path and not at its old one, whichever was read first', async () => {
  const [from, to] = [unique('from'), unique('to')];
  const { endpoint } = await publish('export default () => 1', { path: from });
  const { call } = isolate();
  await call(from);
  await updateEndpoint(testContext(), endpoint.id, { path: to }, null);
  // The definition in memory is older than the routes of the new segment, and is read again.
  expect((await call(to))[0]).toBe(200);
  expect((await call(from))[0]).toBe(404);
});

test('an unknown path is asked for once in two seconds', async () => {
  const { call, wait } = isolate();
  expect(await call('unknown-path')).toEqual([404, ['DB.batch']]);
  expect(await call('unknown-path')).toEqual([404, []]);
  wait(2001);
  expect(await call('unknown-path')).toEqual([404, ['DB.batch']]);
});

test('a value that cannot be a key costs no read beyond the definition', async () => {
  const { path, headers } = await guarded();
  const { call } = isolate();
  await call(path, headers);
  const good = headers['x-api-key'];
  for (const value of [`${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`, 'x'.repeat(40_960), 'é'.repeat(40), ''])
    expect(await call(path, { 'x-api-key': value }), value.slice(0, 60)).toEqual([401, []]);
  expect(await call(path)).toEqual([401, []]);
});

test('an unknown key is read once and cached for two seconds', async () => {
  const { path } = await guarded();
  const { call, wait } = isolate();
  const headers = { 'x-api-key': generateKey() };
  const [status, calls] = await call(path, headers);
  expect(status).toBe(401);
  expect(calls.length).toBeLessThanOrEqual(4);
  expect(await call(path, headers)).toEqual([401, []]);
  wait(1999);
  expect((await call(path, headers))[1]).toEqual([]);
});
