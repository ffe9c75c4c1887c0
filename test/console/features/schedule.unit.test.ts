import { describe, expect, it } from 'vitest';
import { ruleText, stateOfAlert } from '../../../console/src/features/alert/alert-state.rules';
import {
  fromScheduleValues,
  newSchedule,
  timesOf,
  toScheduleValues,
} from '../../../console/src/features/schedule/schedule-form.rules';
import { Schedule } from '../../../src/core/publishing/endpoints/schedule.schema.ts';

describe('the form of a schedule', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');

  it('gives back a schedule as the service stores it', () => {
    const stored = Schedule.parse({
      name: 'nightly',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      parameters: { days: 1 },
      overlap: 'queue',
      retry: { times: 3 },
      paused: true,
    });
    expect(Schedule.parse(fromScheduleValues(toScheduleValues(stored)))).toEqual(stored);
  });

  it('shows the next times in the time zone while they are typed, or what is wrong', () => {
    expect(timesOf({ cron: '30 2 * * *', zone: 'Europe/Berlin' }, now)).toBe(
      'Next: Fri, Nov 27, 02:30 GMT+1; Sat, Nov 28, 02:30 GMT+1; Sun, Nov 29, 02:30 GMT+1',
    );
    expect(timesOf({ cron: '30 2 * *', zone: 'UTC' }, now)).toMatch(/^must have five fields/);
    expect(timesOf({ cron: '@daily', zone: 'Mars' }, now)).toBe('No time zone has this name');
  });

  it('sends parameters that are not JSON as what the service refuses, and begins with a name that is free', () => {
    const typed = { ...newSchedule(['daily'], 'UTC'), parameters: '{days' };
    expect(typed.name).toBe('schedule1');
    expect(Schedule.safeParse(fromScheduleValues(typed)).error?.issues.map(({ path }) => path)).toEqual([
      ['parameters'],
    ]);
    expect(fromScheduleValues({ ...typed, parameters: ' ' }).parameters).toEqual({});
  });
});

describe('an alert', () => {
  it('has a word for its state, and a sentence for its rule', () => {
    expect(stateOfAlert({ state: 'firing', ended: false })).toEqual({ word: 'firing', tone: 'bad' });
    expect(stateOfAlert({ state: 'ok', ended: true }).word).toBe('ended by its receiver');
    expect(ruleText({ failures: 1, minutes: 10 })).toBe('More than 1 failed run in 10 min');
  });
});
