import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { deleteKey } from '../../../src/core/identity/keys/delete-key';
import { generateKey } from '../../../src/core/identity/keys/key-value.rules';
import { updateKey } from '../../../src/core/identity/keys/update-key';
import { publishCounter, type Counter } from '../../support/counter';
import { testContext } from '../../support/context';
import { call, ensureAdmin, makeKey, runOf } from '../../support/publish';

/** The body without what names this one request. */
const bodyOf = async (response: Response): Promise<string> =>
  (await response.text()).replace(/"requestId":"[^"]*"/, '');

const good = await makeKey();
const foreign = await makeKey();
const value = good.key!;
let counter: Counter;
beforeAll(async () => {
  await ensureAdmin();
  counter = await publishCounter({ access: { level: 'key', keys: [good.id] } }, { headers: { 'x-api-key': value } });
});

const changed = value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
const HUGE = 'x'.repeat(40_960);

describe('a key endpoint refuses', () => {
  test.each<[string, [string, string][], number, string]>([
    ['nobody', [], 401, 'auth_required'],
    ['a key with one character changed', [['x-api-key', changed]], 401, 'invalid_key'],
    ['a key of 40 KB', [['x-api-key', HUGE]], 401, 'invalid_key'],
    ['a key beyond ASCII', [['x-api-key', `${value.slice(0, -1)}é`]], 401, 'invalid_key'],
    ['an empty key', [['x-api-key', '']], 401, 'invalid_key'],
    ['a well-formed key that nobody has', [['x-api-key', generateKey()]], 401, 'invalid_key'],
    ['a key of another endpoint', [['x-api-key', foreign.key!]], 403, 'key_not_allowed'],
    ['two keys', [['x-api-key', value], ['x-api-key', value]], 400, 'ambiguous_credentials'],
    ['a key and a bearer', [['x-api-key', value], ['authorization', 'Bearer x']], 400, 'ambiguous_credentials'],
    ['a key as a bearer', [['authorization', `Bearer ${value}`]], 401, 'auth_required'],
    ['a key as a cookie', [['cookie', `x-api-key=${value}`]], 401, 'auth_required'],
  ])('%s', async (_name, headers, status, code) => {
    const response = await call(counter.path, { method: 'POST', headers });
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([status, { code, requestId: expect.stringMatching(/^req_/) as unknown }]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    if (status === 401) expect(response.headers.get('www-authenticate')).toContain('ApiKey');
    expect(text).not.toContain(value);
    expect(text).not.toMatch(/\bat .*:\d+|\/src\/|stack/);
    await counter.expectUntouched();
  }); // oxfmt-ignore

  test('a key in the query, which is not in the run either', async () => {
    const response = await call(`${counter.path}?api_key=${value}`, { method: 'POST' });
    expect(response.status).toBe(401);
    const run = await runOf(response);
    expect(run).toMatchObject({ outcome: 'rejected', request: { query: 'api_key=[redacted]', body: null } });
    expect(JSON.stringify(run)).not.toContain(value);
    await counter.expectUntouched();
  });
});

test('unknown, revoked, inactive, replaced and expired keys get the same bytes and headers', async () => {
  const ctx = testContext();
  const keys = {
    revoked: await makeKey(),
    inactive: await makeKey(),
    expired: await makeKey(),
    replaced: await makeKey(),
  };
  const { path, expectUntouched } = await publishCounter(
    { access: { level: 'key', keys: [good.id, ...Object.values(keys).map(({ id }) => id)] } },
    { headers: { 'x-api-key': value } },
  );
  await deleteKey(ctx, keys.revoked.id, true, null);
  await updateKey(ctx, keys.inactive.id, { active: false }, null);
  await updateKey(ctx, keys.expired.id, { expiresAt: '2020-01-01T00:00:00Z' }, null);
  await updateKey(ctx, keys.replaced.id, { key: true }, null);
  const answers = await Promise.all(
    [generateKey(), ...Object.values(keys).map(({ key }) => key!)].map(async (key) => {
      const response = await call(path, { method: 'POST', headers: { 'x-api-key': key } });
      const headers = [...response.headers].filter(([name]) => !['x-run-id', 'x-request-id'].includes(name));
      return JSON.stringify([response.status, headers, await bodyOf(response)]);
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('invalid_key');
  await expectUntouched();
});

test('a key works at once after its creation, and not at all after its end', async () => {
  const ctx = testContext();
  const key = await makeKey({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
  const { path } = await publishCounter({ access: { level: 'key', keys: [key.id] } });
  const status = async (with_: string): Promise<number> =>
    (await call(path, { method: 'POST', headers: { 'x-api-key': with_ } })).status;
  expect(await status(key.key!)).toBe(200);
  const custom = `custom_${generateKey().slice(4)}`;
  await updateKey(ctx, key.id, { key: custom }, null);
  expect([await status(key.key!), await status(custom)]).toEqual([401, 200]);
  await updateKey(ctx, key.id, { active: false }, null);
  expect(await status(custom)).toBe(401);
  await updateKey(ctx, key.id, { active: true }, null);
  expect(await status(custom)).toBe(200);
  await deleteKey(ctx, key.id, true, null);
  expect(await status(custom)).toBe(401);
});

test('no value of a key is anywhere in D1 or KV', async () => {
  const custom = `custom_${generateKey().slice(4)}`;
  const [generated, own] = [await makeKey(), await makeKey({ key: custom })];
  await call(counter.path, { method: 'POST', headers: { 'x-api-key': generated.key! }, body: own.key! });
  await runOf(
    await call(`${counter.path}?x=${custom}`, {
      method: 'POST',
      headers: { 'x-api-key': custom, 'content-type': 'text/plain' },
    }),
  );
  const { results: tables } = await env.DB.prepare(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf%' and name not like 'd1_%'`,
  ).all<{ name: string }>();
  expect(tables.length).toBeGreaterThan(8);
  let dump = '';
  for (const { name } of tables)
    dump += JSON.stringify((await env.DB.prepare(`select * from "${name}"`).all()).results);
  for (const { name } of (await env.KEYS.list()).keys) dump += name + (await env.KEYS.get(name));
  expect(dump).toContain(generated.id);
  for (const secret of [generated.key!, custom, good.key!]) expect(dump).not.toContain(secret.slice(12));
});
