import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { deleteRole } from '../../../src/core/identity/roles/delete-role';
import { getKey } from '../../../src/core/identity/keys/get-key';
import { UpdateKeyInput, type CreateKeyInput, type KeyWithValue } from '../../../src/core/identity/keys/key.schema';
import { updateKey } from '../../../src/core/identity/keys/update-key';
import { drain, testContext } from '../../support/context';
import { call, ensureAdmin, makeKey, publish, runOf, unique, type EndpointOptions } from '../../support/publish';
import { clearOfWindowEnd } from '../../support/rate-window';

const ctx = testContext();
const update = async (id: string, input: z.input<typeof UpdateKeyInput>) =>
  (await updateKey(ctx, id, UpdateKeyInput.parse(input), null)) as KeyWithValue;
const caller = 'export default (params, ctx) => ctx.caller';
/** An endpoint of a new key, and how to call it. */
async function withKey(key: Partial<z.input<typeof CreateKeyInput>>, options: EndpointOptions = {}) {
  const made = await makeKey(key);
  const { access, ...rest } = options;
  const { endpoint } = await publish(caller, {
    methods: ['GET', 'POST'],
    ...rest,
    access: { level: 'key', ...access, keys: [made.id] },
  });
  const ask = async (init: RequestInit & { value?: string } = {}) => {
    const headers = { 'x-api-key': init.value ?? made.key!, ...init.headers };
    const response = await call(`/u/${endpoint.path}`, { method: 'POST', ...init, headers });
    return {
      response,
      status: response.status,
      body: (await response.json()) as { code: string; roles: string[]; policy: string },
    };
  };
  return { key: made, endpoint, ask, codeOf: async (init?: Parameters<typeof ask>[0]) => (await ask(init)).body.code };
}

beforeAll(ensureAdmin);

describe('scopes of a key', () => {
  test('leave out endpoints, folders and methods, and never open an endpoint that does not list the key', async () => {
    const other = await withKey({ scopes: { endpoints: ['elsewhere/*'] } });
    expect([(await other.ask()).status, await other.codeOf()]).toEqual([403, 'key_scope']);
    await update(other.key.id, { scopes: { folders: ['shop/*'] } });
    expect(await other.codeOf()).toBe('key_scope');
    await update(other.key.id, { scopes: { endpoints: [`${other.endpoint.path}`], methods: ['GET'] } });
    expect((await other.ask({ method: 'GET' })).status).toBe(200);
    expect(await other.codeOf({ method: 'POST' })).toBe('key_scope');
    const { endpoint } = await publish(caller, { access: { level: 'key' } });
    const foreign = await call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': other.key.key! } });
    expect(((await foreign.json()) as { code: string }).code).toBe('key_not_allowed');
  });
});

describe('roles of a key', () => {
  test('count for access.roles where the key has some, are seen by the handler, and keep the role in use', async () => {
    const [buyer, seller] = [unique('buyer').replaceAll('-', '_'), unique('seller').replaceAll('-', '_')];
    for (const name of [buyer, seller]) await createRole(ctx, { name, description: '' });
    const { key, ask, codeOf } = await withKey({}, { access: { level: 'key', roles: { names: [buyer] } } });
    expect((await ask()).body.roles).toEqual([]);
    await update(key.id, { roles: [seller] });
    expect(await codeOf()).toBe('role_required');
    await update(key.id, { roles: [buyer] });
    expect((await ask()).body.roles).toEqual([buyer]);
    await expect(update(key.id, { roles: ['no_such_role'] })).rejects.toMatchObject({
      extra: { issues: [{ pointer: '#/roles/0' }] },
    });
    await update(key.id, { roles: [seller] });
    await expect(deleteRole(ctx, seller, null)).rejects.toMatchObject({
      code: 'in_use',
      extra: { uses: [{ noun: 'key', id: key.id }] },
    });
  });
});

describe('addresses', () => {
  const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } });
  test('of a key and of an endpoint each admit their own', async () => {
    const { ask, codeOf } = await withKey(
      { addresses: ['192.0.2.0/24', '2001:db8::/32'] },
      { access: { addresses: ['192.0.2.128/25', '2001:db8:1::/48'] } },
    );
    expect((await ask(from('192.0.2.200'))).status).toBe(200);
    expect((await ask(from('2001:db8:1::5'))).status).toBe(200);
    expect(await codeOf(from('192.0.2.1'))).toBe('address_not_allowed');
    expect(await codeOf(from('203.0.113.9'))).toBe('address_not_allowed');
  });
});

describe('a replacement with grace', () => {
  test('keeps the replaced value until its time, and shows who still uses it', async () => {
    const { key, ask } = await withKey({});
    expect((await ask()).status).toBe(200);
    const { key: value, previous } = await update(key.id, { key: true, graceSeconds: 3600 });
    expect(previous).toMatchObject({ until: expect.any(String) as unknown });
    const [earlier, current] = [await ask(), await ask({ value: value! })];
    expect([earlier.status, current.status]).toEqual([200, 200]);
    expect([(await runOf(earlier.response)).keyValue, (await runOf(current.response)).keyValue]).toEqual([
      'previous',
      undefined,
    ]);
    // A second replacement ends the oldest value.
    const { key: newest } = await update(key.id, { key: true, graceSeconds: 3600 });
    const statuses = [await ask(), await ask({ value: value! }), await ask({ value: newest! })];
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 200]);
    await env.DB.prepare('update keys set previous_until = 1 where id = ?').bind(key.id).run();
    ctx.cache.invalidate();
    expect([(await ask({ value: value! })).status, (await ask({ value: newest! })).status]).toEqual([401, 200]);
    expect((await getKey(ctx, key.id)).previous).toBeNull();
    await expect(makeKey({ key: value!.replace('ptk_', 'own_') })).resolves.toBeDefined();
  });

  test('ends at once without grace, and its value can never be another key', async () => {
    const own = `own_${unique('value')}_ABCDEFGHIJKLMNOP_0123456789`;
    const { key, ask } = await withKey({ key: own });
    await ask();
    await update(key.id, { key: true, graceSeconds: 60 });
    await expect(makeKey({ key: own })).rejects.toMatchObject({ code: 'key_taken' });
    await update(key.id, { key: true });
    expect((await ask()).status).toBe(401);
    expect(UpdateKeyInput.safeParse({ graceSeconds: 5 }).success).toBe(false);
  });
});

test('the last use of a key is noted once an hour', async () => {
  const { key, ask } = await withKey({});
  expect((await getKey(ctx, key.id)).lastUsedAt).toBeNull();
  await ask();
  const used = await vi.waitUntil(async () => (await getKey(ctx, key.id)).lastUsedAt, { timeout: 20_000 });
  await env.DB.prepare('update keys set last_used_at = last_used_at - 1000 where id = ?').bind(key.id).run();
  ctx.cache.invalidate();
  await ask();
  await drain();
  expect(Date.parse((await getKey(ctx, key.id)).lastUsedAt!)).toBe(Date.parse(used) - 1000);
});

test('the last use of a key is also that of a call which its scope refuses, and its calls have it apart', async () => {
  const { key, codeOf } = await withKey({ scopes: { endpoints: ['elsewhere/*'] } });
  expect(await codeOf()).toBe('key_scope');
  await vi.waitUntil(async () => (await getKey(ctx, key.id)).lastUsedAt !== null, { timeout: 20_000 });
  const stats = () => ctx.runLog.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: 'key', keyId: key.id });
  const tallies = await vi.waitUntil(async () => ((await stats()).length > 0 ? stats() : null), { timeout: 20_000 });
  expect(tallies).toMatchObject([{ group: key.id, outcome: 'rejected', calls: 1 }]);
});

describe('limits', () => {
  beforeEach(() => clearOfWindowEnd(43_200), 30_000);

  test('several windows hold together, each response tells what is left, and a refusal names the window', async () => {
    const { ask } = await withKey(
      {},
      {
        rateLimit: {
          limit: 100,
          windowSeconds: 86_400,
          by: 'key',
          also: [{ limit: 2, windowSeconds: 43_200, by: 'key' }],
        },
      },
    );
    const { response } = await ask();
    expect(response.headers.get('ratelimit-policy')).toBe('"day";q=100;w=86400, "43200s";q=2;w=43200');
    expect(response.headers.get('ratelimit')).toMatch(/^"day";r=99;t=[0-9]+, "43200s";r=1;t=[0-9]+$/);
    await ask();
    const refused = await ask();
    expect([refused.status, refused.body.code, refused.body.policy]).toEqual([429, 'rate_limited', '43200s']);
    expect(refused.response.headers.get('retry-after')).toMatch(/^[0-9]+$/);
    expect(refused.response.headers.get('ratelimit')).toMatch(/"43200s";r=0;/);
  });

  test('a quota counts the calls of a key at all endpoints, and refuses those beyond it', async () => {
    const { key, ask } = await withKey({ quota: { perDay: 3, perMonth: 100 } });
    const { endpoint } = await publish(caller, { access: { level: 'key', keys: [key.id] } });
    const other = () => call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': key.key! } });
    const { response } = await ask();
    expect(response.headers.get('ratelimit-policy')).toMatch(
      /^"quota-day";q=3;w=86400, "quota-month";q=100;w=(2419200|2505600|2592000|2678400)$/,
    );
    expect(response.headers.get('ratelimit')).toMatch(/^"quota-day";r=2;t=[0-9]+, "quota-month";r=99;/);
    expect([(await other()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect([refused.status, refused.body.code, refused.body.policy]).toEqual([429, 'quota_exceeded', 'quota-day']);
    expect((await other()).status).toBe(429);
    await update(key.id, { quota: { perDay: 5 } });
    expect((await ask()).status).toBe(200);
  });

  test('concurrent calls are never more than the quota', async () => {
    const { ask } = await withKey({ quota: { perMonth: 7 } });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await ask()).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(7);
    expect(statuses.filter((status) => status === 429)).toHaveLength(13);
  });
});

describe('the counter of a key', () => {
  test('grants a hundredth of what is left, and starts again with the day and the month', async () => {
    const counter = env.QUOTA.getByName(unique('key'));
    const limits = { perDay: 1000, perMonth: 1500 };
    const at = (time: string, of: object = limits) => counter.lease(of, Date.parse(time));
    const first = await at('2026-01-31T23:59:59Z');
    expect([first.granted, first.periods.map(({ left }) => left)]).toEqual([10, [990, 1490]]);
    expect((await at('2026-01-31T23:59:59Z')).granted).toBe(10);
    const next = await at('2026-02-01T00:00:00Z');
    expect([next.granted, next.periods.map(({ left }) => left)]).toEqual([10, [990, 1490]]);
    expect(next.periods.map(({ endsAt }) => new Date(endsAt).toISOString())).toEqual([
      '2026-02-02T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
    const tomorrow = await at('2026-02-02T00:00:00Z');
    expect(tomorrow.periods.map(({ left }) => left)).toEqual([990, 1480]);
    expect((await at('2026-02-02T00:00:00Z', { perDay: 5 })).granted).toBe(0);
  });
});
