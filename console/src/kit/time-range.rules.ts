const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Record<string, number> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const RELATIVE = /^-([1-9][0-9]{0,4})([mhd])$/;
const ABSOLUTE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/** Reads a time of an address: `-24h`, relative to the reader's now, or an absolute one with its offset. Undefined for anything else. */
export function time(text: string): string | undefined {
  if (RELATIVE.test(text)) return text;
  return ABSOLUTE.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

export const isRelative = (text: string): boolean => RELATIVE.test(text);

/** Returns a time of an address in Unix milliseconds. `now` is in Unix milliseconds. */
export function instantOf(text: string, now: number): number {
  const [, count, unit] = RELATIVE.exec(text) ?? [];
  return unit === undefined ? Date.parse(text) : now - Number(count) * UNITS[unit]!;
}

/** Returns a time of an address as the API takes it; undefined without one. */
export const isoOf = (text: string | undefined, now: number): string | undefined =>
  text === undefined ? undefined : new Date(instantOf(text, now)).toISOString();

const two = (part: number): string => String(part).padStart(2, '0');

/** Returns a time as the value of a field for local times: `2026-11-26T10:30`. */
export function toLocalField(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Returns the absolute time of such a value; undefined while it is not complete. */
export function fromLocalField(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
