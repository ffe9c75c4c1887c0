import { cronIssue, isZone, nextTimes } from '../../../../src/core/publishing/endpoints/schedule.rules';
import type { Schedule } from '../../../../src/core/publishing/endpoints/schedule.schema';
import { fromDigits, fromJsonIfAny, toJson } from '../../kit/text-values.rules';

/** Times that the form shows in advance. */
const SHOWN = 3;

/** A schedule as a form edits it: parameters are JSON text. */
export interface ScheduleValues {
  name: string;
  cron: string;
  zone: string;
  parameters: string;
  overlap: Schedule['overlap'];
  /** Attempts after a failed run. */
  retries: string;
  isPaused: boolean;
}

export const newSchedule = (names: readonly string[], zone: string): ScheduleValues => ({
  name: firstFree(names),
  cron: '0 6 * * *',
  zone,
  parameters: '{}',
  overlap: 'skip',
  retries: '0',
  isPaused: false,
});

const firstFree = (names: readonly string[]): string =>
  ['daily', ...Array.from({ length: names.length + 1 }, (_, i) => `schedule${i + 1}`)].find(
    (name) => !names.includes(name),
  )!;

export const toScheduleValues = ({
  name,
  cron,
  zone,
  parameters,
  overlap,
  retry,
  paused,
}: Schedule): ScheduleValues => ({
  name,
  cron,
  zone,
  parameters: toJson(parameters),
  overlap,
  retries: String(retry?.times ?? 0),
  isPaused: paused ?? false,
});

/** Returns the schedule, with what the service refuses at its field where a text is no number or no JSON. */
export const fromScheduleValues = ({
  name,
  cron,
  zone,
  parameters,
  overlap,
  retries,
  isPaused,
}: ScheduleValues): Schedule => ({
  name,
  cron: cron.trim(),
  zone: zone.trim(),
  parameters: fromJsonIfAny(parameters) ?? {},
  overlap,
  ...(retries.trim() !== '0' && retries.trim() !== '' && { retry: { times: fromDigits(retries) } }),
  ...(isPaused && { paused: true }),
});

/** Returns the next times of a schedule that is being typed, or what is wrong with it. `now` is in Unix milliseconds. */
export function timesOf({ cron, zone }: Pick<ScheduleValues, 'cron' | 'zone'>, now: number): string {
  if (!isZone(zone.trim())) return 'No time zone has this name';
  const timing = { cron: cron.trim(), zone: zone.trim() };
  const issue = cronIssue(timing.cron, timing.zone, now);
  if (issue !== null) return issue;
  return `Next: ${nextTimes(timing, now, SHOWN)
    .map((at) => zonedTime(at, timing.zone))
    .join('; ')}`;
}

/** Returns a time in a time zone, with both: `Fri, Nov 27, 02:30 GMT+1`. */
export const zonedTime = (at: number, timeZone: string, locale: string = 'en'): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  }).format(at);
