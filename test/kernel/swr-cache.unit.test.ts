import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createSwrCache, type SwrCacheOptions } from '../../src/kernel/swr-cache';

/** A cache that uses no value beyond its TTL: test/kernel/swr-cache-outage.unit.test.ts has the others. */
const STRICT = { staleMs: 0, clock: () => 0, onOutage: () => undefined };

/** A cache over a store whose answers come when the test lets them; values are the times at which their reads began. */
function setUp(options: Partial<SwrCacheOptions<string>> = {}) {
  const loads: { key: string; resolve: (value: string | null) => void; reject: (error: Error) => void }[] = [];
  const deferred: Promise<unknown>[] = [];
  const cache = createSwrCache<string>({
    ttlMs: 5000,
    negativeTtlMs: 2000,
    ...STRICT,
    renews: true,
    max: 3,
    load: (key) => new Promise((resolve, reject) => loads.push({ key, resolve, reject })),
    ...options,
  });
  const defer = (work: Promise<unknown>): void => void deferred.push(work);
  const settle = async (): Promise<void> => {
    while (deferred.length > 0) await deferred.shift();
  };
  const get = (now: number, key = 'a') => cache.get(key, now, defer);
  /** Reads at `now` and lets the store answer at once. */
  const fill = async (now: number, value: string | null, key = 'a'): Promise<void> => {
    const got = get(now, key);
    loads.pop()!.resolve(value);
    await got;
    await settle();
  };
  return { cache, loads, defer, settle, get, fill };
}

test('a warm value is answered without a promise and without a read', async () => {
  const { get, fill, loads } = setUp();
  await fill(0, 'v0');
  expect([get(0), get(2500), loads.length]).toEqual(['v0', 'v0', 0]);
});

test('entries older than half the TTL are served while one read refreshes them', async () => {
  const { get, fill, loads, settle } = setUp();
  await fill(0, 'v0');
  expect([get(2501), get(3000), get(4999)]).toEqual(['v0', 'v0', 'v0']);
  expect(loads).toHaveLength(1);
  loads.pop()!.resolve('v2501');
  await settle();
  expect([get(5001), loads.length]).toEqual(['v2501', 0]);
});

test('a value is never answered once its read is older than the freshness', async () => {
  const { get, fill, loads } = setUp();
  await fill(0, 'v0');
  const late = get(5000);
  expect(late).toBeInstanceOf(Promise);
  loads.pop()!.resolve('v5000');
  expect(await late).toBe('v5000');
});

test('callers that come while a read is under way share it', async () => {
  const { get, loads } = setUp();
  const got = [get(0), get(1), get(2)];
  expect(loads).toHaveLength(1);
  loads[0]!.resolve('v');
  for (const one of got) expect(await one).toBe('v');
});

test('a read that hangs is not waited for beyond the freshness', () => {
  const { get, loads } = setUp();
  void get(0);
  void get(4999);
  expect(loads).toHaveLength(1);
  void get(5000);
  expect(loads).toHaveLength(2);
});

test('a failed read fails its callers, and the next one reads again', async () => {
  const { get, loads, settle } = setUp();
  const got = [get(0), get(1)];
  loads.pop()!.reject(new Error('D1 is away'));
  for (const one of got) await expect(one).rejects.toThrow('D1 is away');
  await settle();
  void get(2);
  expect(loads).toHaveLength(1);
});

test('a failed read in the background leaves the value until its time is over', async () => {
  const { get, fill, loads, settle } = setUp();
  await fill(0, 'v0');
  expect(get(3000)).toBe('v0');
  loads.pop()!.reject(new Error('D1 is away'));
  await settle();
  expect(get(4999)).toBe('v0');
  expect(get(5000)).toBeInstanceOf(Promise);
});

test('a missing value is cached for the negative TTL', async () => {
  const { get, fill, loads } = setUp();
  await fill(0, null);
  expect([get(1999), loads.length]).toEqual([null, 0]);
  expect(get(2000)).toBeInstanceOf(Promise);
});

test('a TTL of 0 reads the store every time', async () => {
  const { get, fill, loads } = setUp({ ttlMs: 0 });
  await fill(0, 'v0');
  void get(0);
  void get(0);
  expect(loads).toHaveLength(2);
  const none = setUp({ ttlMs: 0 });
  await none.fill(0, null);
  expect(none.get(0)).toBeInstanceOf(Promise);
});

test('invalidate drops everything, also what a read that began before it brings', async () => {
  const { cache, get, loads, settle } = setUp();
  const before = get(0);
  cache.invalidate();
  const after = get(1);
  expect(loads).toHaveLength(2);
  loads[1]!.resolve('new');
  loads[0]!.resolve('old');
  expect([await before, await after]).toEqual(['old', 'new']);
  await settle();
  expect(get(2)).toBe('new');
});

test('reload reads although memory knows, and others get what it brought', async () => {
  const { cache, get, fill, loads, defer, settle } = setUp();
  await fill(0, 'v0');
  const reloaded = cache.reload('a', 10, defer);
  loads.pop()!.resolve('v10');
  expect(await reloaded).toBe('v10');
  await settle();
  expect(get(11)).toBe('v10');
});

test('a slow read does not put an older value over a newer one', async () => {
  const { cache, get, loads, defer, settle } = setUp();
  const slow = get(0);
  const reloaded = cache.reload('a', 100, defer);
  loads[1]!.resolve('v100');
  await reloaded;
  loads[0]!.resolve('v0');
  await slow;
  await settle();
  expect(get(101)).toBe('v100');
});

test('a full cache evicts the oldest entry', async () => {
  const { get, fill, loads } = setUp();
  for (const key of ['a', 'b', 'c', 'd']) await fill(0, key, key);
  expect([get(1, 'b'), get(1, 'c'), get(1, 'd')]).toEqual(['b', 'c', 'd']);
  expect(loads).toHaveLength(0);
  expect(get(1, 'a')).toBeInstanceOf(Promise);
});

describe('whatever the order of calls and answers', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('get' as const), wait: fc.integer({ min: 0, max: 4000 }) }),
    fc.record({ type: fc.constant('answer' as const), wait: fc.integer({ min: 0, max: 4000 }) }),
    fc.record({ type: fc.constant('invalidate' as const), wait: fc.constant(0) }),
  );
  test('an answer from memory is never older than the freshness, nor than the last invalidation, and never goes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let now = 0;
        let forgotten = 0;
        let last = 0;
        const pending: (() => void)[] = [];
        const cache = createSwrCache<number>({
          ttlMs: 5000,
          negativeTtlMs: 2000,
          ...STRICT,
          renews: true,
          max: 3,
          load: () => {
            const began = now;
            return new Promise((resolve) => pending.push(() => resolve(began)));
          },
        });
        for (const { type, wait } of steps) {
          now += wait;
          if (type === 'invalidate') {
            cache.invalidate();
            forgotten = now;
          } else if (type === 'answer') {
            pending.shift()?.();
            for (let i = 0; i < 5; i++) await Promise.resolve();
          } else {
            const value = cache.get('a', now, () => undefined);
            if (typeof value !== 'number') continue;
            expect(now - value).toBeLessThan(5000);
            expect(value).toBeGreaterThanOrEqual(forgotten);
            expect(value).toBeGreaterThanOrEqual(last);
            last = value;
          }
        }
      }),
    );
  });
});

test('names that are not there do not push out what there is', async () => {
  const cache = createSwrCache<string>({
    ttlMs: 5000,
    negativeTtlMs: 2000,
    ...STRICT,
    renews: true,
    max: 3,
    load: async (key) => (key.startsWith('real') ? key : null),
  });
  const ask = (key: string): Promise<string | null> | string | null => cache.get(key, 0, () => undefined);
  await ask('real');
  for (let n = 0; n < 10; n++) await ask(`guess-${n}`);
  expect(ask('real')).toBe('real');
});

describe('values that others read', () => {
  const keep = (options: Partial<SwrCacheOptions<string>> = {}) => setUp({ renews: false, ...options });

  test('serve from the time at which the other read began', () => {
    const { cache, get, loads } = keep();
    cache.filler(1000)('a', 'other');
    expect([get(5999), cache.peek('a'), cache.peek('b')]).toEqual(['other', 'other', null]);
    expect(loads).toEqual([]);
    expect(get(6000)).toBeInstanceOf(Promise);
  });

  test('do not come in after an invalidation, nor over a later read', async () => {
    const { cache, get, fill } = keep();
    const [late, old] = [cache.filler(0), cache.filler(0)];
    cache.invalidate();
    late('a', 'late');
    expect(cache.has('a', 0)).toBe(false);
    const older = cache.filler(1);
    await fill(2, 'own');
    older('a', 'older');
    old('a', 'old');
    expect(get(2)).toBe('own');
  });

  test('are not read in the background where they do not renew', async () => {
    const { get, fill, loads } = keep();
    await fill(0, 'one');
    expect(get(4999)).toBe('one');
    expect(loads).toEqual([]);
  });
});
