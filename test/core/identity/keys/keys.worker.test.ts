import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { listAudit } from '../../../../src/core/audit/list-audit';
import { deleteKey } from '../../../../src/core/identity/keys/delete-key';
import { getKey, listKeys } from '../../../../src/core/identity/keys/get-key';
import { generateKey, isKeyForm, hashKey } from '../../../../src/core/identity/keys/key-value.rules';
import { CreateKeyInput, UpdateKeyInput } from '../../../../src/core/identity/keys/key.schema';
import { updateKey } from '../../../../src/core/identity/keys/update-key';
import { PageQuery } from '../../../../src/kernel/page';
import { codeOf } from '../../../support/code-of';
import { actorWith, testContext } from '../../../support/context';
import { call, ensureAdmin, makeKey, publish } from '../../../support/publish';

const ctx = testContext();
const update = (id: string, input: z.input<typeof UpdateKeyInput>, ifMatch: number | null = null) =>
  updateKey(ctx, id, UpdateKeyInput.parse(input), ifMatch);
const custom = (): string => `my_own_${generateKey().slice(4)}`;
const cached = (value: string): Promise<unknown> => env.KEYS.get(`key:${hashKey(ctx.settings, value)}`, 'json');
beforeAll(ensureAdmin);

test('a value is shown by the creation and never again', async () => {
  const key = await makeKey();
  expect(isKeyForm(key.key!)).toBe(true);
  const { key: value, ...rest } = key;
  expect(await getKey(ctx, key.id)).toEqual(rest);
  expect(rest).toMatchObject({ active: true, expiresAt: null, revision: 1, prefix: value!.slice(0, 12) });
  expect(JSON.stringify(await listKeys(ctx, PageQuery.parse({})))).not.toContain(value!.slice(13));
  expect(await update(key.id, { alias: 'renamed' })).not.toHaveProperty('key');
});

test('a custom value is taken once, also after its key is gone', async () => {
  const value = custom();
  const key = await makeKey({ key: value });
  expect([key.key, key.prefix]).toEqual([value, null]);
  expect(await codeOf(makeKey({ key: value }))).toBe('key_taken');
  const other = await makeKey();
  expect(await codeOf(update(other.id, { key: value }))).toBe('key_taken');
  expect((await getKey(ctx, other.id)).revision).toBe(1);
  await deleteKey(ctx, key.id, false, null);
  expect(await codeOf(makeKey({ key: value }))).toBe('key_taken');
  const both = custom();
  expect((await Promise.all([codeOf(makeKey({ key: both })), codeOf(makeKey({ key: both }))])).toSorted()).toEqual([
    'done',
    'key_taken',
  ]);
});

test('weak custom values are refused', () => {
  for (const key of ['short', 'a'.repeat(40), `ptk_${'abcdefghijklmnopqrstuvwxyz012345'}`, 'with space'.repeat(4)])
    for (const schema of [CreateKeyInput.omit({ alias: true }), UpdateKeyInput])
      expect(schema.safeParse({ key }).error?.issues, key).toMatchObject([{ params: { code: 'weak_key' } }]);
});

test('KV knows the hash of a live value, and nothing of a replaced or deleted one', async () => {
  const key = await makeKey();
  expect(await cached(key.key!)).toEqual({ id: key.id, version: 1 });
  const replaced = await update(key.id, { key: true });
  const value = 'key' in replaced ? replaced.key! : '';
  expect([await cached(key.key!), await cached(value)]).toEqual([null, { id: key.id, version: 2 }]);
  const own = custom();
  await update(key.id, { key: own });
  await update(key.id, { key: own });
  expect([await cached(value), await cached(own)]).toEqual([null, { id: key.id, version: 4 }]);
  await deleteKey(ctx, key.id, false, null);
  expect(await cached(own)).toBeNull();
});

test('a key in use is not deleted; by force it is, and its endpoint stays closed', async () => {
  const key = await makeKey();
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
  const status = async (headers: Record<string, string> = {}): Promise<number> =>
    (await call(`/u/${endpoint.path}`, { method: 'POST', headers })).status;
  expect(await codeOf(deleteKey(ctx, key.id, false, null))).toBe('in_use');
  expect(await status({ 'x-api-key': key.key! })).toBe(200);
  await deleteKey(ctx, key.id, true, null);
  expect([await status({ 'x-api-key': key.key! }), await status()]).toEqual([401, 401]);
  expect(await ctx.store.endpoints.get(endpoint.id)).toMatchObject({ accessLevel: 'key', keyIds: [] });
  for (const work of [getKey(ctx, key.id), update(key.id, { active: true }), deleteKey(ctx, key.id, true, null)])
    expect(await codeOf(work)).toBe('not_found');
});

test('an expiry counts from its moment on', async () => {
  const key = await makeKey({ expiresAt: '2999-01-01T02:00:00+02:00' });
  expect(key.expiresAt).toBe('2999-01-01T00:00:00.000Z');
  const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [key.id] } });
  const status = async (): Promise<number> =>
    (await call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': key.key! } })).status;
  expect(await status()).toBe(200);
  await update(key.id, { expiresAt: new Date(Date.now() - 1).toISOString() });
  expect(await status()).toBe(401);
  await update(key.id, { expiresAt: null });
  expect(await status()).toBe(200);
});

test('a stale change or deletion is refused', async () => {
  const key = await makeKey();
  await update(key.id, { alias: 'b' }, 1);
  expect(await codeOf(update(key.id, { key: true }, 1))).toBe('stale_revision');
  expect(await codeOf(deleteKey(ctx, key.id, true, 1))).toBe('stale_revision');
  const racing = await Promise.all([1, 2, 3].map(() => codeOf(update(key.id, { key: true }, 2))));
  expect(racing.filter((code) => code === 'done')).toHaveLength(1);
});

test('without a pepper no key is made or changed', async () => {
  const bare = testContext(undefined, { settings: { ...ctx.settings, keyPepper: null } });
  const { createKey } = await import('../../../../src/core/identity/keys/create-key');
  expect(await codeOf(createKey(bare, CreateKeyInput.parse({ alias: 'a' })))).toBe('not_configured');
  const key = await makeKey();
  expect(await codeOf(updateKey(bare, key.id, { key: true }, null))).toBe('not_configured');
});

test('every write has its audit row, and no row holds a value or a hash', async () => {
  const key = await makeKey();
  const replaced = await update(key.id, { key: true });
  await update(key.id, { active: false, alias: 'off' });
  await deleteKey(ctx, key.id, false, null);
  const { items } = await listAudit(ctx, { objectId: key.id, limit: 100 });
  expect(items.map(({ action }) => action).toSorted()).toEqual([
    'key.create',
    'key.delete',
    'key.replace',
    'key.update',
  ]);
  const text = JSON.stringify(items);
  for (const value of [key.key!, 'key' in replaced ? replaced.key! : '']) {
    expect(text).not.toContain(value.slice(13));
    expect(text).not.toContain(hashKey(ctx.settings, value));
  }
  const viewer = testContext(actorWith('viewer'));
  for (const work of [updateKey(viewer, key.id, {}, null), deleteKey(viewer, key.id, true, null)])
    expect(await codeOf(work)).toBe('forbidden');
});
