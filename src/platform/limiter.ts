import { createLogger } from '../kernel/logger';
import { unavailable } from '../kernel/errors';
import type { Limiter } from '../kernel/rate-limiter';
import type { RateLimiter } from '../entrypoints/rate-limiter.do';

const log = createLogger('limiter');

/** Counts in a Durable Object for each subject. 503 where it cannot count. */
export const createLimiter = (namespace: DurableObjectNamespace<RateLimiter>): Limiter => ({
  take: async (subject, limit, windowSeconds) => {
    try {
      return await namespace.getByName(subject).take(limit, windowSeconds);
    } catch (error) {
      // Closed, not open: one caller can overload the object of a subject, and would then have no limit at all.
      log.error('a limit cannot be counted', { event: 'limiter.failed', error });
      throw unavailable('Portico cannot count its limits at the moment.', 1);
    }
  },
  refund: async (subject, windowSeconds) => namespace.getByName(subject).refund(windowSeconds),
});
