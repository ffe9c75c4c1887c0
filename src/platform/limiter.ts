import { createLogger } from '../kernel/logger';
import { unavailable } from '../kernel/errors';
import type { Limiter } from '../kernel/rate-limiter';
import type { RateLimiter } from '../entrypoints/rate-limiter.do';

const log = createLogger('limiter');

/** Counts in a Durable Object per subject. Throws 503 when it cannot count. */
export const createLimiter = (namespace: DurableObjectNamespace<RateLimiter>): Limiter => ({
  take: (subject, limit, windowSeconds) => counting(() => namespace.getByName(subject).take(limit, windowSeconds)),
  lease: (subject, limit, windowSeconds, wanted) =>
    counting(() => namespace.getByName(subject).lease(limit, windowSeconds, wanted)),
  refund: async (subject, windowSeconds) => namespace.getByName(subject).refund(windowSeconds),
});

async function counting<T>(count: () => Promise<T>): Promise<T> {
  try {
    return await count();
  } catch (error) {
    // Refuse, do not allow: one caller can overload the object of a subject, and would then have no limit at all.
    log.error('cannot count a limit', { event: 'limiter.failed', error });
    throw unavailable('Rate limits are temporarily unavailable. Retry in a second.', 1);
  }
}
