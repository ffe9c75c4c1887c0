import { expect, test } from 'vitest';
import { Fault } from '../../../src/core/errors';
import { replayable, type Replayable } from '../../../src/core/idempotency/replayable';
import { codeOf } from '../../support/code-of';
import { actorWith, testContext } from '../../support/context';
import { unique } from '../../support/publish';

const ctx = testContext();
const ROUTE = 'POST /admin/keys';
const answer =
  (body: unknown): (() => Promise<Replayable>) =>
  async () => ({ status: 201, body });

test('a repeat gets the first answer without doing it again, and without a value that is shown once', async () => {
  const key = unique('idem');
  let times = 0;
  const perform = async (): Promise<Replayable> => ({
    status: 201,
    body: { id: `key_${++times}`, key: 'shown once', token: 'shown once', alias: 'a' },
  });
  expect((await replayable(ctx, key, ROUTE, { a: 1 }, perform)).body).toMatchObject({ key: 'shown once' });
  expect(await replayable(ctx, key, ROUTE, { a: 1 }, perform)).toEqual({
    status: 201,
    body: { id: 'key_1', key: null, token: null, alias: 'a' },
  });
  expect(times).toBe(1);
  expect(JSON.stringify(await ctx.store.idempotency.get('usr_admin', key))).not.toContain('shown once');
});

test('another body or another route is a mismatch; another person has keys of their own', async () => {
  const key = unique('idem');
  await replayable(ctx, key, ROUTE, { a: 1 }, answer(1));
  expect(await codeOf(replayable(ctx, key, ROUTE, { a: 2 }, answer(2)))).toBe('idempotency_mismatch');
  expect(await codeOf(replayable(ctx, key, 'POST /admin/endpoints', { a: 1 }, answer(2)))).toBe('idempotency_mismatch');
  expect((await replayable(testContext(actorWith()), key, ROUTE, { a: 1 }, answer(3))).body).toBe(3);
});

test('while the first is under way the second is told so, and only one is done', async () => {
  const key = unique('idem');
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  let times = 0;
  const slow = async (): Promise<Replayable> => {
    times += 1;
    await gate;
    return { status: 200, body: 'done' };
  };
  const first = replayable(ctx, key, ROUTE, {}, slow);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await codeOf(replayable(ctx, key, ROUTE, {}, slow))).toBe('idempotency_in_flight');
  open();
  expect((await first).body).toBe('done');
  expect((await replayable(ctx, key, ROUTE, {}, slow)).body).toBe('done');
  expect(times).toBe(1);
});

test('a refused or failed request may be repeated', async () => {
  const key = unique('idem');
  for (const error of [new Fault('path_taken', 'taken'), new Error('D1 is away')])
    await expect(replayable(ctx, key, ROUTE, {}, () => Promise.reject(error))).rejects.toBe(error);
  expect((await replayable(ctx, key, ROUTE, {}, answer('now'))).body).toBe('now');
});

test.each(['', 'with space', 'é', 'x'.repeat(256), 'a\u0007'])('%j is no key', async (key) => {
  expect(await codeOf(replayable(ctx, key, ROUTE, {}, answer(1)))).toBe('invalid_parameter');
});

test('an answer is kept for a day', async () => {
  const key = unique('idem');
  await replayable(ctx, key, ROUTE, {}, answer('first'));
  await ctx.store.idempotency.sweep(ctx.now() - 86_400_000, 1000);
  expect((await replayable(ctx, key, ROUTE, {}, answer('second'))).body).toBe('first');
  await ctx.store.idempotency.sweep(ctx.now() + 1, 1000);
  expect((await replayable(ctx, key, ROUTE, {}, answer('second'))).body).toBe('second');
});

test('a request that was cut off for good does not keep its key: five minutes later it may be sent again', async () => {
  const key = unique('idem');
  const never = replayable(ctx, key, ROUTE, {}, () => new Promise<Replayable>(() => undefined));
  never.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const at = (ms: number) => ({ ...ctx, now: () => ctx.now() + ms });
  expect(await codeOf(replayable(at(4 * 60_000), key, ROUTE, {}, answer('again')))).toBe('idempotency_in_flight');
  expect((await replayable(at(6 * 60_000), key, ROUTE, {}, answer('again'))).body).toBe('again');
});
