import { boundedMap, type BoundedMap } from '../../kernel/bounded-map';
import type { Limiter } from '../../kernel/rate-limiter';

/** Calls of one subject that an isolate has taken in advance from the current window of a limit. */
interface RateLease {
  limit: number;
  granted: number;
  /** Calls that no lease has taken. */
  left: number;
  /** End of the window, in Unix milliseconds. */
  endsAt: number;
}

/** A lease, and the calls that wait for the next one. */
interface Held {
  lease: RateLease | null;
  waiting: number;
  renewing: Promise<void> | null;
}
export type RateLeases = BoundedMap<Held>;

/** Subjects of which an isolate remembers its lease. */
const MAX_SUBJECTS = 20_000;

export const createRateLeases = (): RateLeases => boundedMap<Held>(MAX_SUBJECTS);

/** Result of a count: whether a call is within a limit, and how much is left. */
export interface Taken {
  allowed: boolean;
  left: number;
  resetSeconds: number;
}

interface Needed {
  limiter: Limiter;
  leases: RateLeases;
  now: () => number;
  /** Keeps a lease that other calls wait for alive when the call that asked for it is canceled. */
  defer: (work: Promise<unknown>) => void;
}

/**
 * Takes one call of `subject` from the lease of this isolate, or from a new one. Once a window is used up, its calls are refused here until
 * it ends: a caller who goes on costs no request. Throws 503 when no lease is held and none can be taken.
 */
export async function takeOne(needed: Needed, subject: string, limit: number, windowSeconds: number): Promise<Taken> {
  const { leases, now } = needed;
  let held = leases.get(subject);
  if (held === undefined) leases.set(subject, (held = { lease: null, waiting: 0, renewing: null }));
  for (;;) {
    const { lease } = held;
    if (lease !== null && lease.limit === limit && now() < lease.endsAt) {
      const allowed = lease.granted > 0;
      if (allowed) lease.granted -= 1;
      if (allowed || lease.left === 0) return toTaken(lease, allowed, now());
    }
    held.waiting += 1;
    try {
      // Calls that come while a lease is taken share the one after it.
      await (held.renewing ?? renew(needed, held, subject, limit, windowSeconds));
    } finally {
      held.waiting -= 1;
    }
  }
}

/** Gives back a call that was not made. */
export function refundOne({ leases, now }: Pick<Needed, 'leases' | 'now'>, subject: string): void {
  const lease = leases.get(subject)?.lease;
  if (lease && now() < lease.endsAt) lease.granted += 1;
}

function renew(
  { limiter, now, defer }: Needed,
  held: Held,
  subject: string,
  limit: number,
  seconds: number,
): Promise<void> {
  held.renewing = limiter
    .lease(subject, limit, seconds, held.waiting)
    .then(({ endsInMs, ...counted }) => void (held.lease = { ...counted, limit, endsAt: now() + endsInMs }))
    .finally(() => (held.renewing = null));
  defer(held.renewing.catch(() => undefined));
  return held.renewing;
}

const toTaken = ({ left, granted, endsAt }: RateLease, allowed: boolean, now: number): Taken => ({
  allowed,
  left: left + granted,
  resetSeconds: Math.max(1, Math.ceil((endsAt - now) / 1000)),
});
