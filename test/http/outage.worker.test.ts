import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLimiter } from '../../src/platform/limiter';
import { createApp } from '../../src/http/app';
import { runGraphActions } from '../../src/plynx/edit/run-graph-actions';
import { openBase, openContext } from '../../src/context';
import { updateKey } from '../../src/core/identity/keys/update-key';
import { generateKey } from '../../src/core/identity/keys/key-value.rules';
import { createTable } from '../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../src/core/tables/catalogue/table.schema';
import { createStore } from '../../src/storage/store';
import { testContext } from '../support/context';
import { lend } from '../support/host';
import { graphOfNodes, operation, publishGraph } from '../support/graphs';
import { makeToken } from '../support/instabase';
import { call, ensureAdmin, makeKey, publish, runOf } from '../support/publish';
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
    expect(text.replace(/req_\w+/, '')).not.toMatch(/D1|Network|select/i);
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

const STORES = [
  ...(['DB', 'DATA', 'KEYS', 'FILES', 'GRAPH_RUN'] as const),
  ...(['INSTANCE', 'LIMITER', 'QUOTA', 'ANSWER', 'RUN_DAY', 'RUN_INDEX'] as const),
];

/** An isolate with a clock of its own, whose stores the test takes away: every method of theirs fails. */
function isolate(settings: Partial<Env> = {}) {
  const state = { now: Date.now(), away: new Set<keyof Env>() };
  vi.spyOn(Date, 'now').mockImplementation(() => state.now);
  const stores = STORES.map((name) => [
    name,
    new Proxy<object>(settings[name] ?? env[name], {
      get: (store, method) => {
        const value = Reflect.get(store, method) as unknown;
        if (typeof value !== 'function') return value;
        if (!state.away.has(name)) return value.bind(store) as unknown;
        if (name === 'DB' || name === 'DATA') return LOST[method as 'batch'] as unknown;
        const fail = () => Promise.reject(Object.assign(new Error('away'), { retryable: true }));
        return method.toString().startsWith('get') && name !== 'KEYS' && name !== 'FILES'
          ? () => new Proxy({}, { get: (_stub, asked) => (asked === 'then' ? undefined : fail) })
          : fail;
      },
    }),
  ]);
  const own = { ...env, ...settings, ...Object.fromEntries(stores) } as Env;
  // Caches of an isolate are replaced when a test opens a context on other bindings, as those of an admin elsewhere.
  const made = openBase(own);
  const isolated = createApp((...of) => ({ ...openContext(...of), ...made }));
  const deferred: Promise<unknown>[] = [];
  const waiting = { ...execution, waitUntil: (work: Promise<unknown>) => void deferred.push(work) };
  return {
    state,
    /** Sends a call and does not wait for what it leaves to be done. */
    send: (target: string, headers: Record<string, string> = {}): Promise<Response> =>
      Promise.resolve(
        isolated(new Request(`https://portico.test${target}`, { method: 'POST', headers }), own, waiting),
      ),
    get: async (target: string): Promise<Response> =>
      isolated(new Request(`https://portico.test${target}`), own, waiting),
    deferred,
    settled: async (): Promise<void> => {
      while (deferred.length > 0) await deferred.shift();
    },
    call: async (target: string, headers: Record<string, string> = {}): Promise<Response> => {
      const response = await isolated(
        new Request(`https://portico.test${target}`, { method: 'POST', headers }),
        own,
        waiting,
      );
      // The next step of the test is a later moment, at which this call has ended.
      while (deferred.length > 0) await deferred.shift();
      return response;
    },
  };
}

describe('an isolate that has served calls', () => {
  const guarded = async (...ids: string[]) =>
    `/u/${(await publish('export default () => 1', { access: { level: 'key', keys: ids } })).endpoint.path}`;
  const quiet = (): void => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    vi.spyOn(console, 'warn').mockReturnValue(undefined);
  };

  test('goes on for STALE_SECONDS without D1, and the runs say so', async () => {
    quiet();
    const { state, call } = isolate();
    const cold = await guarded();
    expect((await call(path, key)).status).toBe(200);
    const start = state.now;
    state.away.add('DB');
    for (let second = 6; second <= 66; second += 6) {
      state.now = start + second * 1000;
      const response = await call(path, key);
      expect([second, response.status]).toEqual([second, 200]);
      expect(await runOf(response)).toMatchObject({ outcome: 'success', staleMs: second * 1000 });
    }
    for (const [target, headers] of [
      [cold, key],
      [path, { 'x-api-key': generateKey() }],
    ] as const) {
      const response = await call(target, headers);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    }
    state.now = start + 120_000;
    expect((await call(path, key)).status).toBe(503);
    state.away.clear();
    const back = await call(path, key);
    expect([back.status, 'staleMs' in (await runOf(back))]).toEqual([200, false]);
  });

  test('stops with the freshness where STALE_SECONDS is 0', async () => {
    quiet();
    const { state, call } = isolate({ STALE_SECONDS: '0' } as Partial<Env>);
    expect((await call(path, key)).status).toBe(200);
    state.away.add('DB');
    state.now += 4000;
    expect((await call(path, key)).status).toBe(200);
    state.now += 1000;
    expect((await call(path, key)).status).toBe(503);
  });

  test('refuses a key of whose end it has learned at any endpoint', async () => {
    quiet();
    const { id, key: value } = await makeKey();
    const other = await makeKey();
    const [one, two] = [await guarded(id, other.id), await guarded(id, other.id)];
    const { state, call } = isolate();
    const [headers, good] = [{ 'x-api-key': value! }, { 'x-api-key': other.key! }];
    for (const target of [one, two]) expect((await call(target, headers)).status).toBe(200);
    expect((await call(two, good)).status).toBe(200);
    // KV goes on to name the owner of a disabled key.
    await updateKey(testContext(), id, { active: false }, null);
    state.now += 6000;
    expect((await call(one, headers)).status).toBe(401);
    state.away.add('DB');
    state.now += 1000;
    expect([(await call(two, headers)).status, (await call(two, good)).status]).toEqual([503, 200]);
    state.away.clear();
    expect((await call(two, headers)).status).toBe(401);
  });

  test('answers 503 where it must count a call and cannot', async () => {
    quiet();
    const { endpoint } = await publish('export default () => 1', {
      rateLimit: { limit: 9, windowSeconds: 60, by: 'ip' },
    });
    const { state, call } = isolate();
    expect((await call(`/u/${endpoint.path}`)).status).toBe(200);
    state.away.add('LIMITER');
    const response = await call(`/u/${endpoint.path}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await runOf(response)).toMatchObject({ outcome: 'rejected', errorCode: 'unavailable' });
  });

  test('answers 503 for a shared instance that does not answer, and records it', async () => {
    quiet();
    const { endpoint } = await publish('export default () => 1', { instance: 'shared' });
    const { state, call } = isolate();
    expect((await call(`/u/${endpoint.path}`)).status).toBe(200);
    state.away.add('INSTANCE');
    const response = await call(`/u/${endpoint.path}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await runOf(response)).toMatchObject({ outcome: 'failed', errorCode: 'unavailable' });
    state.away.clear();
    expect((await call(`/u/${endpoint.path}`)).status).toBe(200);
  });

  test('uses a bearer token for as long as a definition, but not one that has ended', async () => {
    quiet();
    const { endpoint } = await publish('export default () => 1', { access: { level: 'authenticated' } });
    const { state, call } = isolate();
    const ended = { authorization: `Bearer ${(await makeToken(['viewer'])).token}` };
    const target = `/u/${endpoint.path}`;
    for (const headers of [named, ended]) expect((await call(target, headers)).status).toBe(200);
    const { sub } = JSON.parse(atob(ended.authorization.split('.')[1]!)) as { sub: string };
    await env.DB.prepare('update tokens set revoked_at = 1 where id = ?').bind(sub).run();
    state.now += 6000;
    expect((await call(target, ended)).status).toBe(401);
    state.away.add('DB');
    state.now += 30_000;
    const response = await call(target, named);
    expect(response.status).toBe(200);
    expect(await runOf(response)).toMatchObject({ staleMs: 36_000 });
    expect((await call(target, ended)).status).toBe(503);
    state.now += 120_000;
    expect((await call(target, named)).status).toBe(503);
  });

  test('admits what it cannot count where the endpoint says so', async () => {
    quiet();
    const { endpoint } = await publish('export default () => 1', {
      rateLimit: { limit: 2, windowSeconds: 3600, by: 'ip', whenUnavailable: 'allow' },
    });
    const { state, call } = isolate();
    state.away.add('LIMITER');
    for (let n = 0; n < 3; n++) expect((await call(`/u/${endpoint.path}`)).status).toBe(200);
    state.away.clear();
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await call(`/u/${endpoint.path}`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    // The window is used up: nothing is asked.
    state.away.add('LIMITER');
    expect((await call(`/u/${endpoint.path}`)).status).toBe(429);
  });
});

describe('parallel calls while a store is away for a minute', () => {
  /** Every kind of endpoint by what its calls need. */
  async function kinds() {
    const ctx = testContext();
    const limited = { rateLimit: { limit: 90, windowSeconds: 3600, by: 'ip' as const } };
    const table = await createTable(
      ctx,
      CreateTableInput.parse({ name: 'away', columns: [{ name: 'n', type: 'integer' }] }),
    );
    const { id, key: counted } = await makeKey({ quota: { perDay: 90 } });
    const rows = `export default async (_, ctx) => ctx.tables.${table.name}.count()`;
    const open = async (source: string, options = {}) => `/u/${(await publish(source, options)).endpoint.path}`;
    const all: Record<string, [string, Record<string, string>]> = {
      key: [path, key],
      token: [await open('export default () => 1', { access: { level: 'authenticated' } }), named],
      limited: [await open('export default () => 1', limited), {}],
      quota: [
        await open('export default () => 1', { access: { level: 'key', keys: [id] } }),
        { 'x-api-key': counted! },
      ],
      shared: [await open('export default () => 1', { instance: 'shared' }), {}],
      audited: [await open('export default () => 1', { log: 'audited' }), {}],
      rows: [await open(rows), {}],
      repeatable: [await open('export default () => 1', { idempotency: {} }), {}],
    };
    return all;
  }
  const EACH = 4;
  /** Answers that change while a store is away; all other calls are 200. */
  const CHANGED: Partial<Record<keyof Env, Record<string, number>>> = {
    DB: { rows: 500 },
    DATA: { rows: 500 },
    INSTANCE: { shared: 503 },
    LIMITER: { limited: 503 },
    QUOTA: { quota: 503 },
    ANSWER: { repeatable: 503 },
    RUN_DAY: { audited: 503 },
  };

  test('calls that do not need it go on, the others say so, and every run is kept once', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    vi.spyOn(console, 'warn').mockReturnValue(undefined);
    const all = await kinds();
    for (const store of STORES) {
      const { state, call, send, settled } = isolate();
      for (const [target, headers] of Object.values(all)) await call(target, headers);
      state.away.add(store);
      state.now += 60_000;
      const asked = Object.entries(all).flatMap(([kind, [target, headers]]) =>
        Array.from({ length: EACH }, async () => {
          const own = { ...headers, 'idempotency-key': crypto.randomUUID() };
          return [kind, await send(target, own)] as const;
        }),
      );
      const answers = await Promise.all(asked);
      for (const [kind, response] of answers) {
        expect([store, kind, response.status]).toEqual([store, kind, CHANGED[store]?.[kind] ?? 200]);
        if (response.status === 503) expect(response.headers.get('retry-after')).toMatch(/^[15]$/);
      }
      state.away.clear();
      await settled();
      const ids = answers.map(([, response]) => response.headers.get('x-run-id'));
      expect(new Set(ids).size).toBe(ids.length);
      for (const [kind, response] of answers) {
        const run = await runOf(response);
        const isServed = response.status === 200;
        expect([store, kind, run.outcome === 'success']).toEqual([store, kind, isServed]);
      }
    }
  });
});

test('a call that was admitted is kept alive without its caller, from before its handler ends', async () => {
  // The second call ends once there is a third.
  const source =
    'let calls = 0; export default async () => { const own = ++calls; while (own === 2 && calls === 2) await scheduler.wait(5); return 1; }';
  const target = `/u/${(await publish(source)).endpoint.path}`;
  const { call, send, deferred } = isolate();
  await call(target);
  let isAnswered = false;
  const answer = send(target).finally(() => (isAnswered = true));
  await vi.waitUntil(() => deferred.length > 0, { timeout: 20_000, interval: 1 });
  const kept = deferred.splice(0);
  expect(isAnswered).toBe(false);
  await call(target);
  await Promise.all(kept);
  expect(isAnswered).toBe(true);
  expect((await runOf(await answer)).outcome).toBe('success');
});

describe('a published graph', () => {
  test.each(['DB', 'FILES', 'GRAPH_RUN'] as const)(
    'is 503 with Retry-After while %s is away, and the run is kept',
    async (store) => {
      vi.spyOn(console, 'error').mockReturnValue(undefined);
      const graph = graphOfNodes(operation('bash_jinja2', 'true'));
      await runGraphActions(testContext(), graph, ['SAVE']);
      const target = await publishGraph({ graph: graph._id }, { methods: ['POST'] });
      const { state, call, get } = isolate();
      expect((await get(target)).status).toBe(405);
      state.away.add(store);
      const response = await call(target);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await runOf(response)).toMatchObject({ outcome: 'failed', errorCode: 'unavailable' });
    },
  );
});

test('graphs that start faster than Cloudflare creates instances are 429 with Retry-After, and the others run', async () => {
  const graph = graphOfNodes(operation('bash_jinja2', 'true'));
  await runGraphActions(testContext(), graph, ['SAVE']);
  const target = await publishGraph({ graph: graph._id }, { methods: ['POST'] });
  const asked: WorkflowInstanceCreateOptions[] = [];
  const create: typeof env.GRAPH_RUN.create = (options) =>
    asked.push(options!) <= 2
      ? env.GRAPH_RUN.create(options)
      : Promise.reject(new Error('(instance.rate_limited) rate limited'));
  const GRAPH_RUN = { create, get: (id: string) => env.GRAPH_RUN.get(id) } as typeof env.GRAPH_RUN;
  const { call } = isolate({ GRAPH_RUN });
  const answers = await Promise.all(Array.from({ length: 5 }, () => call(target)));
  const refused = answers.filter(({ status }) => status === 429);
  expect([refused.length, answers.filter(({ ok }) => ok).length]).toEqual([3, 2]);
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1', '1']);
  expect(await runOf(refused[0]!)).toMatchObject({ errorCode: 'rate_limited', status: 429 });
  // Cloudflare bills what it keeps.
  expect(asked.map(({ retention }) => retention?.successRetention)).toEqual(asked.map(() => '1 hour'));
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
