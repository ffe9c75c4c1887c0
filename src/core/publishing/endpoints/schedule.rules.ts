import { Cron } from 'croner';

/** The time rules of a schedule. Times in Unix milliseconds. */
export interface Timing {
  cron: string;
  zone: string;
}

const MACROS = ['@hourly', '@daily', '@weekly', '@monthly', '@yearly'];
/** Characters that other crons read in other ways: a nearest weekday, an ordinal, no value, and a form of the day that is not documented. */
const UNCOMMON = /[?#+~]|[0-9L]W/i;
const YEARS_MS = 5 * 366 * 86_400_000;
/** Times that are counted after an outage. */
const MAX_MISSED = 1000;

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const parse = ({ cron, zone }: Timing): Cron => new Cron(cron, { timezone: zone, paused: true });

/** Returns what is wrong with a cron expression, or null. */
export function cronIssue(cron: string, zone: string, now = Date.now()): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields[0]!.startsWith('@'))
    return MACROS.includes(cron) ? null : `must be one of ${MACROS.join(', ')}, or five fields`;
  if (fields.length !== 5) return 'must have five fields: minute, hour, day of the month, month, day of the week';
  if (UNCOMMON.test(cron)) return 'must not have ?, #, +, ~ or W';
  try {
    const next = parse({ cron, zone }).nextRun(new Date(now));
    return next === null || next.getTime() - now > YEARS_MS ? 'never comes within five years' : null;
  } catch {
    return 'is not a cron expression such as 30 2 * * *';
  }
}

/** Returns the next time after another, or null when there is none. */
export const nextDue = (timing: Timing, after: number): number | null =>
  parse(timing).nextRun(new Date(after))?.getTime() ?? null;

/** Returns the next times after another, up to `count`. */
export const nextTimes = (timing: Timing, after: number, count: number): number[] =>
  parse(timing)
    .nextRuns(count, new Date(after))
    .map((time) => time.getTime());

/** Returns the last time that has come since `first`, how many came before it, and the next one after `now`. */
export function dueBy(timing: Timing, first: number, now: number): { at: number; missed: number; next: number | null } {
  const cron = parse(timing);
  let at = first;
  for (let missed = 0; ; missed++) {
    const next = cron.nextRun(new Date(at))?.getTime() ?? null;
    if (next === null || next > now) return { at, missed, next };
    if (missed === MAX_MISSED) return { at, missed, next: nextDue(timing, now) };
    at = next;
  }
}
