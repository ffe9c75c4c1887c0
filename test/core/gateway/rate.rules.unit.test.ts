import { expect, test } from 'vitest';
import { compileWindows, rateHeaders } from '../../../src/core/gateway/rate.rules';

test('windows are named by their length, and by what they count where two have one length', () => {
  expect(compileWindows(null)).toEqual([]);
  const windows = compileWindows({
    limit: 60,
    windowSeconds: 60,
    by: 'key',
    also: [
      { limit: 5, windowSeconds: 60, by: 'ip' },
      { limit: 9, windowSeconds: 90, by: 'key' },
      { limit: 10_000, windowSeconds: 86_400, by: 'key' },
    ],
  });
  expect(windows.map(({ name }) => name)).toEqual(['minute-key', 'minute-ip', '90s', 'day']);
});

test('the headers are structured lists of policies and of what is left', () => {
  const minute = { name: 'minute', limit: 60, windowSeconds: 60, left: 42, resetSeconds: 17 };
  const day = { name: 'day', limit: 10_000, windowSeconds: 86_400, left: 9120, resetSeconds: 40_211 };
  expect(rateHeaders([minute, day])).toEqual({
    'ratelimit-policy': '"minute";q=60;w=60, "day";q=10000;w=86400',
    ratelimit: '"minute";r=42;t=17, "day";r=9120;t=40211',
  });
});
