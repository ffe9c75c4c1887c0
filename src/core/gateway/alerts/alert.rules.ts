import type { RunOutcome } from '../../runs/run.schema';
import type { RunTally } from '../../runs/run-log';
import { DAY_MS } from '../../../kernel/clock';

const MINUTE_MS = 60_000;
const FAILED: readonly RunOutcome[] = ['failed', 'timeout', 'failed_after_response'];

/** Milliseconds from one attempt to deliver a message to the next; after the last one it is given up. */
const PAUSES_MS = [1, 5, 30, 120, 300, 600, 600].map((minutes) => minutes * MINUTE_MS);

/** State of an alert. Times in Unix milliseconds. */
export interface KnownAlert {
  firingSince: number | null;
  /** Time of the last message. */
  notifiedAt: number | null;
}

export type AlertEvent = 'endpoint.failing' | 'endpoint.recovered';

/** Counts the failed runs among those of an endpoint in the last `minutes`, the current one included. */
export const countFailures = (tallies: readonly RunTally[], minutes: number, now: number): number =>
  tallies
    .filter(({ at, outcome }) => at > now - minutes * MINUTE_MS && FAILED.includes(outcome))
    .reduce((sum, { calls }) => sum + calls, 0);

/** Returns the message that is due: one for each change of the state, and one a day while it fires. */
export function eventOf({ firingSince, notifiedAt }: KnownAlert, isFailing: boolean, now: number): AlertEvent | null {
  if (isFailing) return firingSince === null || now - (notifiedAt ?? 0) >= DAY_MS ? 'endpoint.failing' : null;
  return firingSince === null ? null : 'endpoint.recovered';
}

/** Returns whether an attempt is left after `attempts` have begun. */
export const hasAttempts = (attempts: number): boolean => attempts <= PAUSES_MS.length;

/** Returns the time of the next attempt after `attempts` have failed, with a tenth of jitter; null: no more. */
export function nextAttempt(attempts: number, now: number, random = Math.random()): number | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : now + Math.round(pause * (1 + random / 10));
}
