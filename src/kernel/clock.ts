export const DAY_MS = 86_400_000;

/** Returns a time in Unix milliseconds as the API shows it: `2026-11-26T00:00:00.000Z`. */
export const toIso = (ms: number): string => new Date(ms).toISOString();

/** Returns a time of the API in Unix milliseconds; null and undefined stay what they are. */
export const fromIso = <Absent extends null | undefined = never>(time: string | Absent): number | Absent =>
  typeof time === 'string' ? Date.parse(time) : time;
