import { describe, expect, it } from 'vitest';
import {
  fromKeyLimits,
  limitsSentence,
  NO_LIMITS,
  toKeyLimits,
} from '../../../console/src/features/key/key-limits.rules';
import { monthOf, ofQuota, startOfMonth } from '../../../console/src/features/key/key-usage.rules';

describe('the limits of a key', () => {
  const limits = {
    ...NO_LIMITS,
    endpoints: ' orders/*\n\nquote\n',
    folders: 'shop',
    methods: ['GET' as const],
    roles: ['buyer'],
    addresses: '192.0.2.0/24',
    perDay: '1000',
    perMonth: 'many',
  };

  it('become what the API takes, and text that is no number stays what the service refuses', () => {
    expect(fromKeyLimits(limits)).toEqual({
      scopes: { endpoints: ['orders/*', 'quote'], folders: ['shop'], methods: ['GET'] },
      roles: ['buyer'],
      addresses: ['192.0.2.0/24'],
      quota: { perDay: 1000, perMonth: 'many' },
    });
    expect(toKeyLimits(fromKeyLimits(NO_LIMITS))).toEqual(NO_LIMITS);
  });

  it('are shown as a sentence', () => {
    expect(limitsSentence(fromKeyLimits(NO_LIMITS))).toBe('It may call every endpoint that accepts it.');
    expect(limitsSentence(fromKeyLimits({ ...limits, perMonth: '' }))).toBe(
      'It may call at /u/orders/*, /u/quote, folder shop; with GET; with the rights of buyer; from 192.0.2.0/24; 1,000 times a day.',
    );
  });
});

describe('the calls of a month', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  const figures = { p50Ms: null, p95Ms: null, p99Ms: null };
  const day = (at: string, calls: number, rejected: number) => ({ at, calls, outcomes: { rejected }, ...figures });

  it('are counted from its first day of UTC, and today apart', () => {
    expect(startOfMonth(now)).toBe('2026-11-01T00:00:00.000Z');
    const steps = [day('2026-11-25T00:00:00.000Z', 5, 0), day('2026-11-26T00:00:00.000Z', 2, 1)];
    const items = [
      { group: '', calls: 7, outcomes: { failed: 1, responded_error: 1, rejected: 2 }, ...figures, steps },
    ];
    const range = { since: startOfMonth(now), until: '2026-11-27T00:00:00.000Z' };
    expect(monthOf({ ...range, items }, now)).toEqual({
      today: { calls: 2, refused: 1 },
      month: { calls: 7, refused: 2 },
      failed: 1,
    });
    const none = { calls: 0, refused: 0 };
    expect(monthOf({ ...range, items: [] }, now)).toEqual({ today: none, month: none, failed: 0 });
  });

  it.each([
    [{ calls: 1200, refused: 7 }, null, '1,200'],
    [{ calls: 40, refused: 0 }, 1000, '40 of 1,000'],
    [{ calls: 40, refused: 4 }, 1000, 'at most 40 of 1,000'],
    [{ calls: 1700, refused: 700 }, 1000, '1,000 of 1,000'],
  ])('%j of a quota of %j are %s: some refused calls count', (figures, quota, text) =>
    expect(ofQuota(figures, quota)).toBe(text),
  );
});
