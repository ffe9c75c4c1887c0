import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseSettings } from '../src/settings';

// The secrets that are not set are reported.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined));
afterEach(() => vi.restoreAllMocks());

test.each([
  [{}, 5000, 120_000],
  [{ FRESHNESS_SECONDS: '0' }, 0, 0],
  [{ FRESHNESS_SECONDS: '0', STALE_SECONDS: '60' }, 0, 60_000],
  [{ STALE_SECONDS: '0' }, 5000, 0],
  [{ STALE_SECONDS: '3600' }, 5000, 3_600_000],
])('%j: definitions are used for %d ms, and for %d ms while D1 is unavailable', (env, freshnessMs, staleMs) => {
  expect(parseSettings(env)).toMatchObject({ freshnessMs, staleMs });
});

test.each(['-1', '3601', 'off'])('STALE_SECONDS must not be %s', (text) => {
  expect(() => parseSettings({ STALE_SECONDS: text })).toThrow(/STALE_SECONDS must be a number from 0 to 3600/);
});
