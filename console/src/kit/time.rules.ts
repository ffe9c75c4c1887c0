const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const;

/** Returns a time relative to `now`, both in Unix milliseconds: `3 minutes ago`, `in 2 days`; a date beyond 30 days. */
export function relativeTime(at: number, now: number, locale: string = 'en'): string {
  const distance = at - now;
  if (Math.abs(distance) < MINUTE_MS) return distance > 0 ? 'in less than a minute' : 'just now';
  if (Math.abs(distance) > 30 * DAY_MS) return new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });
  const [unit, ms] = UNITS.find(([, size]) => Math.abs(distance) >= size)!;
  return new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(Math.round(distance / ms), unit);
}

/** Returns a duration in the unit that reads best: `45 ms`, `1.2 s`, `2 min 5 s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.floor(ms / MINUTE_MS)} min ${Math.round((ms % MINUTE_MS) / 1000)} s`;
}

/** Returns a point in time to the second, with its day when that is not the one of `now`: `10:38:12`, `Nov 25, 10:38:12`. */
export function clockTime(at: number, now: number, locale: string = 'en', timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (ms: number): string => new Date(ms).toLocaleDateString(locale, { dateStyle: 'medium', ...zone });
  const clock = new Date(at).toLocaleTimeString(locale, { hourCycle: 'h23', timeStyle: 'medium', ...zone });
  return day(at) === day(now) ? clock : `${day(at)}, ${clock}`;
}
