import { describe, expect, test } from 'vitest';
import { cronIssue, dueBy, isZone, nextTimes } from '../../../../src/core/publishing/endpoints/schedule.rules';

const times = (cron: string, zone: string, after: string, count: number) =>
  nextTimes({ cron, zone }, Date.parse(after), count).map((time) => new Date(time).toISOString().slice(0, 16));

describe('the times of a schedule', () => {
  test.each([
    [
      'a fixed time in the gap of spring comes after it',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'a fixed time in the hour that comes twice comes once',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'every half hour comes in both of these hours',
      '*/30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30'],
    ],
    [
      'every hour is every real hour',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30Z',
      ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'],
    ],
    [
      'a clock may move by half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'a day of the month or a day of the week',
      '0 0 13 * FRI',
      'UTC',
      '2026-02-01T00:00Z',
      ['2026-02-06T00:00', '2026-02-13T00:00', '2026-02-20T00:00'],
    ],
    ['the last day of a month', '0 0 L * *', 'UTC', '2028-01-31T00:00Z', ['2028-02-29T00:00', '2028-03-31T00:00']],
    ['a macro', '@weekly', 'UTC', '2026-11-25T00:00Z', ['2026-11-29T00:00']],
  ] as const)('%s', (_, cron, zone, after, expected) => {
    expect(times(cron, zone, after, expected.length)).toEqual(expected);
  });
});

test.each([
  ['* * * *', 'five fields'],
  ['0 * * * * *', 'five fields'],
  ['@reboot', 'one of @hourly'],
  ['61 * * * *', 'not a cron expression'],
  ['*/0 * * * *', 'not a cron expression'],
  ['5-1 * * * *', 'not a cron expression'],
  ['a b c d e', 'not a cron expression'],
  ['0 0 15W * *', 'must not have'],
  ['0 0 ? * MON#2', 'must not have'],
  ['0 0 30 2 *', 'never comes'],
])('%j is refused', (cron, reason) => {
  const issue = cronIssue(cron, 'UTC');
  expect(issue?.replace('is not', 'not').replace('must be one', 'one')).toContain(reason);
});

test('names of days with W, and rare days, are accepted', () => {
  for (const cron of ['0 0 * * WED', '0 0 29 2 *', '0 9-17/2 1,15 JAN-MAR *'])
    expect(cronIssue(cron, 'UTC')).toBeNull();
  expect(['Europe/Berlin', 'UTC', 'Mars/Base', '', '../etc'].map(isZone)).toEqual([true, true, false, false, false]);
});

test('of the times that were missed the last one counts, and the next one is after now', () => {
  const hourly = { cron: '0 * * * *', zone: 'UTC' };
  const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
  expect(dueBy(hourly, at('01:00'), at('01:00'))).toEqual({ at: at('01:00'), missed: 0, next: at('02:00') });
  expect(dueBy(hourly, at('01:00'), at('04:59'))).toEqual({ at: at('04:00'), missed: 3, next: at('05:00') });
  const years = dueBy({ cron: '* * * * *', zone: 'UTC' }, 0, at('00:00'));
  expect([years.missed, years.next]).toEqual([1000, at('00:01')]);
});
