import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createSwrCache } from '../../src/kernel/swr-cache';

const AWAY = new Error('D1_ERROR: Network connection lost.');
const BUG = new Error('Cannot read properties of undefined');

/** A cache with a TTL of 5 s and values that live for 120 s in an outage, over a store that answers with the time, or fails, at once. */
function setUp({ staleMs = 120_000, ttlMs = 5000 } = {}) {
  const world = { now: 0, failure: null as Error | null, value: (): number | null => world.now, reads: 0, outages: 0 };
  const deferred: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>): void => void deferred.push(work);
  const cache = createSwrCache<number>({
    ttlMs,
    negativeTtlMs: 2000,
    staleMs,
    renews: true,
    max: 100,
    load: async () => {
      world.reads += 1;
      if (world.failure) throw world.failure;
      return world.value();
    },
    clock: () => world.now,
    onOutage: () => void (world.outages += 1),
  });
  /** The value, or `failed` for an error, `at` a time, when the background work has ended. */
  const get = async (at: number, key = 'a'): Promise<number | null | 'failed'> => {
    world.now = at;
    const value = await Promise.resolve(cache.get(key, at, defer)).catch(() => 'failed' as const);
    while (deferred.length > 0) await deferred.shift();
    return value;
  };
  return { world, cache, get, defer };
}

describe('while a store is unavailable', () => {
  test('a value lives on for its time from its last read, and no longer', async () => {
    const { world, get, cache } = setUp();
    expect(await get(0)).toBe(0);
    world.failure = AWAY;
    for (const at of [5000, 6000, 60_000, 119_999]) {
      expect(await get(at)).toBe(0);
      expect(cache.staleMs('a', at)).toBe(at);
    }
    expect(await get(120_000)).toBe('failed');
  });

  test('a value that is younger than the TTL is not marked', async () => {
    const { world, get, cache } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(3000);
    expect(cache.staleMs('a', 3000)).toBe(0);
  });

  test('the store is asked once a second at most, and calls do not wait for it', async () => {
    const { world, get, cache, defer } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(5000);
    const reads = world.reads;
    for (let at = 5001; at < 15_000; at += 10) {
      expect(cache.get('a', at, defer)).toBe(0);
      await get(at);
    }
    expect(world.reads - reads).toBeLessThanOrEqual(10);
    expect(world.outages).toBe(world.reads - 1);
  });

  test('a value is read again, not used, when the failure is older than the TTL', async () => {
    const { world, get, cache } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(6000);
    world.failure = null;
    expect(await get(11_000)).toBe(11_000);
    expect(cache.staleMs('a', 11_000)).toBe(0);
  });

  test('the first read that succeeds replaces the value', async () => {
    const { world, get, cache } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(6000);
    world.failure = null;
    expect(await get(7000)).toBe(0);
    expect([await get(7001), cache.staleMs('a', 7001)]).toEqual([7000, 0]);
  });

  test('0 is strict', async () => {
    const { world, get } = setUp({ staleMs: 0 });
    await get(0);
    world.failure = AWAY;
    expect([await get(4999), await get(5000)]).toEqual([0, 'failed']);
    expect(world.outages).toBe(0);
  });

  test('a cache that reads every time uses a value only after its own read has failed', async () => {
    const { world, get } = setUp({ ttlMs: 0 });
    expect([await get(0), await get(1)]).toEqual([0, 1]);
    world.failure = AWAY;
    const reads = world.reads;
    expect([await get(2), await get(3)]).toEqual([1, 1]);
    expect(world.reads - reads).toBe(2);
  });

  test('another failure than an outage keeps nothing', async () => {
    const { world, get } = setUp();
    await get(0);
    world.failure = BUG;
    expect(await get(5000)).toBe('failed');
    expect(world.outages).toBe(0);
  });

  test('a value that does not exist any more does not come back, and its absence does not last', async () => {
    const { world, get } = setUp();
    await get(0);
    world.value = () => null;
    expect(await get(5000)).toBe(null);
    world.failure = AWAY;
    expect(await get(6000)).toBe(null);
    expect(await get(7001)).toBe('failed');
  });

  test('nothing from before an invalidation is used', async () => {
    const { world, get, cache } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(5000);
    cache.invalidate();
    expect(await get(5001)).toBe('failed');
  });

  test('a read on request fails, so that a decision never rests on an earlier one', async () => {
    const { world, get, cache, defer } = setUp();
    await get(0);
    world.failure = AWAY;
    await get(5000);
    await expect(cache.reload('a', 5001, defer)).rejects.toBe(AWAY);
  });

  test('calls do not wait for a read that does not end', async () => {
    let reads = 0;
    const cache = createSwrCache<string>({
      ttlMs: 5000,
      negativeTtlMs: 2000,
      staleMs: 120_000,
      renews: true,
      max: 3,
      load: () => (reads++ === 0 ? Promise.resolve('first') : new Promise(() => undefined)),
      clock: () => 0,
      onOutage: () => undefined,
    });
    const get = (now: number) => cache.get('a', now, () => undefined);
    await get(0);
    expect(get(5000)).toBeInstanceOf(Promise);
    expect([get(7000), get(9000), get(20_000 - 9000)]).toEqual(['first', 'first', 'first']);
    expect(cache.staleMs('a', 7000)).toBe(7000);
  });
});

const step = fc.record({
  type: fc.constantFrom('get', 'get', 'get', 'away', 'back', 'invalidate' as const),
  wait: fc.constantFrom(0, 1, 500, 1000, 2501, 5000, 40_000),
});
test('whatever fails: no value is older than staleMs, older than the TTL without a failed read in the last TTL, or from before an invalidation', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { world, get, cache } = setUp();
      let at = 0;
      let forgotten = 0;
      let awayUntil = -Infinity;
      for (const { type, wait } of steps) {
        at += wait;
        if (world.failure) awayUntil = at;
        if (type === 'away') world.failure = AWAY;
        else if (type === 'back') world.failure = null;
        else if (type === 'invalidate') {
          cache.invalidate();
          forgotten = at;
        } else {
          const value = await get(at);
          if (typeof value !== 'number') {
            expect(value).toBe('failed');
            expect(world.failure).not.toBe(null);
            continue;
          }
          expect(value).toBeGreaterThanOrEqual(forgotten);
          expect(at - value).toBeLessThan(120_000);
          if (at - value >= 5000) expect(at - awayUntil).toBeLessThan(5000);
        }
      }
    }),
  );
});
