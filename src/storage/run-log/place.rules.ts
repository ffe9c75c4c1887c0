import { DAY_MS, toIso } from '../../kernel/clock';

/** One object of the run log: a day, a shard, and a part, which is greater than 0 where the parts before it are full. */
export interface RunPlace {
  /** `yyyy-mm-dd`, in UTC. */
  day: string;
  /** One base62 character. */
  shard: string;
  part: number;
}

/** The last day whose name sorts after all others. */
const LAST_DAY_AT = Date.parse('9999-12-31T00:00:00Z');

/** Returns the day of a time; of a later time than the year 9999, its last day. */
export const dayOf = (at: number): string => toIso(Math.min(at, LAST_DAY_AT)).slice(0, 10);

export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const endOfDay = (day: string): number => startOfDay(day) + DAY_MS;

/** Returns the name of the object: `runs/2026-11-26/0`, or `runs/2026-11-26/0.1` for its second part. */
export const toName = ({ day, shard, part }: RunPlace): string => `runs/${day}/${shard}${part === 0 ? '' : `.${part}`}`;

/** Parses a name that `toName` has made. */
export function parseName(name: string): RunPlace {
  const match = /^runs\/(\d{4}-\d\d-\d\d)\/(\w)(?:\.(\d+))?$/.exec(name);
  if (match === null) throw new Error(`${JSON.stringify(name)} names no object of the run log`);
  return { day: match[1]!, shard: match[2]!, part: Number(match[3] ?? 0) };
}
