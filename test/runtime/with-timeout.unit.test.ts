import { expect, test } from 'vitest';
import { TIMED_OUT, withTimeout } from '../../src/runtime/with-timeout';

const after = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, ms, value));
/** Timers of this process: those of the test runner, too. */
const timers = (): number => process.getActiveResourcesInfo().filter((name: string) => name === 'Timeout').length;

test('withTimeout ends at its time: after a timer of less, before one of more', async () => {
  const ended: unknown[] = [];
  const note = (value: unknown): number => ended.push(value);
  await Promise.all([
    after(30, 30).then(note),
    withTimeout(new Promise(() => {}), 50).then(note),
    after(70, 70).then(note),
  ]);
  expect(ended).toEqual([30, TIMED_OUT, 70]);
});

test('withTimeout returns the result of work that ends in time, and keeps no timer', async () => {
  const before = timers();
  expect(await withTimeout(after(5, 'done'), 60_000)).toBe('done');
  expect(await withTimeout(Promise.resolve('at once'), 60_000)).toBe('at once');
  expect(timers()).toBeLessThanOrEqual(before);
});

test('withTimeout rejects as work does, and keeps no timer', async () => {
  const before = timers();
  const failing = after(5, null).then(() => Promise.reject(new Error('it failed')));
  await expect(withTimeout(failing, 60_000)).rejects.toThrow('it failed');
  expect(timers()).toBeLessThanOrEqual(before);
});

test('a failure after the time is over is not unhandled', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  expect(await withTimeout(promise, 1)).toBe(TIMED_OUT);
  reject(new Error('too late'));
  await after(1, null);
});
