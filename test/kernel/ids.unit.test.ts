import { expect, test } from 'vitest';
import { newId, randomText } from '../../src/kernel/ids';

test('ids have their prefix, sort by time and do not repeat', () => {
  const times = [0, 1, 61, 62, 1_700_000_000_000, 1_700_000_000_001, 62 ** 8 - 1];
  const ids = times.map((time) => newId('run', time));
  for (const id of ids) expect(id).toMatch(/^run_[0-9A-Za-z]{20}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 2000 }, () => newId('ep', 1))).size).toBe(2000);
});

test('random text has the length asked for, uses every base62 digit and favours none', () => {
  for (const length of [0, 1, 12, 300]) expect(randomText(length)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`));
  const counts = new Map<string, number>();
  for (const char of randomText(62_000)) counts.set(char, (counts.get(char) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 1000 each, give or take: six standard deviations of a fair draw are 190.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(250);
});
