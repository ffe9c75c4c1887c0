import { expect, test } from 'vitest';
import { toSample } from '../../../bench/load/sample.ts';
import { lowerQuartile, median, quantile, quieterHalf } from '../../../bench/report/statistics.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[], NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('a quantile is the smallest value that at least its share of the values do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0, 0.01, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 1, 50, 99, 100]);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});

test('the lower quartile does not depend on the order', () => {
  expect(lowerQuartile([80, 10, 30, 20, 70, 60, 50, 40])).toBe(20);
});

test('the quieter half keeps the rounds with the least noise', () => {
  const rounds = [5, 1, 4, 2, 3].map((noise) => ({ noise }));
  expect(quieterHalf(rounds, ({ noise }) => noise)).toEqual([{ noise: 1 }, { noise: 2 }, { noise: 3 }]);
});

test('a sample has the rate of its measured part and percentiles in ms', () => {
  const latencies = Array.from({ length: 200 }, (_, index) => 200 - index);
  const sample = toSample({ latencies, total: 250, unexpected: {} }, 500, 12);
  expect(sample).toEqual({ measured: 200, total: 250, perSecond: 400, p50: 100, p99: 198, unexpected: {}, cpuMs: 12 });
});
