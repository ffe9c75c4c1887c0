import { expect, test } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { ApiError } from '../../../src/kernel/errors';
import { replayable, type Repeatable } from '../../../src/core/idempotency/replayable';
import { CreateKeyInput } from '../../../src/core/identity/keys/key.schema';
import { createKey } from '../../../src/core/identity/keys/create-key';
import { listKeys } from '../../../src/core/identity/keys/get-key';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { codeOf } from '../../support/code-of';
import { actorWith, testContext } from '../../support/context';
import { unique } from '../../support/publish';

const ctx = testContext();
const ROUTE = 'POST /admin/keys';
const asked = (key: string, body: unknown = {}, route = ROUTE): Repeatable => ({
  key,
  route,
  body,
  status: 201,
  place: 'definitions',
});
/** Makes an API key, as the route would. */
const make =
  (alias: string) =>
  async (as: Context): Promise<{ status: number; body: unknown }> => ({
    status: 201,
    body: await createKey(as, CreateKeyInput.parse({ alias })),
  });
const countOf = async (alias: string): Promise<number> =>
  (await listKeys(ctx, { limit: 100 })).items.filter((one) => one.alias === alias).length;

test('a repeat gets the first answer without doing it again, and without a value that is shown once', async () => {
  const alias = unique('idem');
  const first = await replayable(ctx, asked(alias, { a: 1 }), make(alias));
  expect(first.body).toMatchObject({ alias, key: expect.stringMatching(/^ptk_/) as unknown });
  const again = await replayable(ctx, asked(alias, { a: 1 }), make(alias));
  expect(again).toEqual({ status: 201, body: { ...(first.body as object), key: null } });
  expect(await countOf(alias)).toBe(1);
  const { key } = first.body as { key: string };
  expect(JSON.stringify(await ctx.store.idempotency.get('usr_admin', alias))).not.toContain(key);
});

test('a key with another body or route is a mismatch; keys are per user', async () => {
  const key = unique('idem');
  await replayable(ctx, asked(key, { a: 1 }), make(key));
  expect(await codeOf(replayable(ctx, asked(key, { a: 2 }), make(key)))).toBe('idempotency_mismatch');
  const other = asked(key, { a: 1 }, 'POST /admin/endpoints');
  expect(await codeOf(replayable(ctx, other, make(key)))).toBe('idempotency_mismatch');
  await replayable(testContext(actorWith('developer')), asked(key, { a: 1 }), make(key));
  expect(await countOf(key)).toBe(2);
});

test('concurrent repeats run once, and all get the same answer', async () => {
  const alias = unique('idem');
  const answers = await Promise.all(Array.from({ length: 6 }, () => replayable(ctx, asked(alias), make(alias))));
  expect(await countOf(alias)).toBe(1);
  expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
  expect(answers.filter(({ body }) => (body as { key: string | null }).key !== null)).toHaveLength(1);
});

test('concurrent repeats that conflict run once, and all get the same answer', async () => {
  const name = unique('role');
  const perform = async (as: Context) => ({ status: 201, body: await createRole(as, { name, description: '' }) });
  const answers = await Promise.all(Array.from({ length: 4 }, () => replayable(ctx, asked(name), perform)));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  // Without a key they are told of each other.
  expect(await codeOf(perform(ctx))).toBe('name_taken');
});

test('a request that was carried out, and of which only the word was lost, is not done again', async () => {
  const alias = unique('idem');
  const commit: Context['store']['commit'] = async (...change) => {
    await ctx.store.commit(...change);
    throw new Error('D1_ERROR: Network connection lost.');
  };
  const losing = { ...ctx, store: { ...ctx.store, commit } };
  const answer = await replayable(losing, asked(alias), make(alias));
  expect(answer).toMatchObject({ status: 201, body: { alias, key: null } });
  expect((await replayable(ctx, asked(alias), make(alias))).body).toEqual(answer.body);
  expect(await countOf(alias)).toBe(1);
});

test('a refused or failed request leaves nothing behind and may be repeated', async () => {
  const key = unique('idem');
  for (const error of [new ApiError('path_taken', 'taken'), new Error('D1 is away')])
    await expect(replayable(ctx, asked(key), () => Promise.reject(error))).rejects.toBe(error);
  const role = { name: unique('role'), description: '' };
  const unmet = async (as: Context) => {
    const { kind } = await as.store.commit({
      guarded: as.store.roles.insert({ ...role, revision: 1, createdAt: 0 }),
      entry: { id: unique('aud'), at: 0, actorKind: 'user', actorId: null, action: 'role.create', object: 'role', objectId: 'x', requestId: 'r', changes: {} },
      following: [as.store.idempotency.insert(as.firstAnswer!('kept'))],
      preconditions: [as.store.roles.allExist(['no-such-role'])],
    });
    throw new ApiError('stale_revision', kind);
  };
  await expect(replayable(ctx, asked(key), unmet)).rejects.toMatchObject({ message: 'unmet' });
  expect(await ctx.store.idempotency.get('usr_admin', key)).toBeUndefined();
  expect((await replayable(ctx, asked(key), make(key))).body).toMatchObject({ alias: key });
}); // oxfmt-ignore

test.each(['', 'with space', 'é', 'x'.repeat(256), 'a\u0007'])('%j is no key', async (key) => {
  expect(await codeOf(replayable(ctx, asked(key), make('never')))).toBe('invalid_parameter');
});

test('an answer that is too large to be kept is refused before anything is done', async () => {
  const key = unique('idem');
  const perform = (as: Context) =>
    Promise.resolve({ status: 201, body: as.firstAnswer!({ text: 'é'.repeat(750_000) }) });
  expect(await codeOf(replayable(ctx, asked(key), perform))).toBe('body_too_large');
});

test('an answer is kept for a day', async () => {
  const alias = unique('idem');
  await replayable(ctx, asked(alias), make(alias));
  await ctx.store.idempotency.sweep(ctx.now() - 86_400_000, 1000);
  await replayable(ctx, asked(alias), make(alias));
  expect(await countOf(alias)).toBe(1);
  await ctx.store.idempotency.sweep(ctx.now() + 1, 1000);
  await replayable(ctx, asked(alias), make(alias));
  expect(await countOf(alias)).toBe(2);
});
