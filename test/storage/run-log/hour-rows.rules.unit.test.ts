import { describe, expect, test } from 'vitest';
import { fitHours, type HourCount, type HourRow } from '../../../src/storage/run-log/hour-rows.rules';

const row = (hour: number, endpoint: string, key: string, calls: number): HourRow => ({
  ...{ hour, endpoint, key },
  total: JSON.stringify([['live', 's', calls, [0, calls]]]),
});

/** Calls by hour, endpoint and key. */
const callsOf = (rows: readonly HourRow[]): Record<string, number> =>
  Object.fromEntries(
    rows.map(({ hour, endpoint, key, total }) => [
      `${hour} ${endpoint} ${key}`,
      (JSON.parse(total) as HourCount[]).reduce((sum, [, , calls]) => sum + calls, 0),
    ]),
  );

describe('the counts of a day', () => {
  test('are whole where they fit; rows of one hour, endpoint and key are added up', () => {
    const { rows, isWhole } = fitHours(() => [row(0, 'a', 'k', 2), row(0, 'a', 'l', 3), row(0, 'a', 'k', 5)], 24);
    expect([callsOf(rows), isWhole]).toEqual([{ '0 a k': 7, '0 a l': 3 }, true]);
    expect(rows[0]!.total).toBe('[["live","s",7,[0,7]]]');
  });

  test('lose their keys first', () => {
    const day = Array.from({ length: 30 }, (_, n) => row(0, `ep_${n % 3}`, `key_${n}`, 1));
    expect(fitHours(() => day, 29)).toMatchObject({ isWhole: false });
    expect(callsOf(fitHours(() => day, 29).rows)).toEqual({ '0 ep_0 ': 10, '0 ep_1 ': 10, '0 ep_2 ': 10 });
  });

  test('keep the busiest endpoints then, and every hour keeps its sum', () => {
    const day = Array.from({ length: 24 }, (_, hour) =>
      Array.from({ length: 50 }, (_, n) => row(hour, `ep_${n}`, '', n === 7 ? 100 : 1)),
    ).flat();
    const { rows, isWhole } = fitHours(() => day, 72);
    const calls = callsOf(rows);
    expect([rows.length, isWhole]).toEqual([72, false]);
    expect(rows.filter(({ endpoint }) => endpoint === 'ep_7')).toHaveLength(24);
    for (let hour = 0; hour < 24; hour++) {
      const own = Object.entries(calls).filter(([name]) => name.startsWith(`${hour} `));
      expect(own.reduce((sum, [, count]) => sum + count, 0)).toBe(149);
    }
  });
});
