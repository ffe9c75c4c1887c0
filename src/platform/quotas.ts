import { createLogger } from '../kernel/logger';
import { unavailable } from '../kernel/errors';
import type { Quotas } from '../kernel/quota';
import type { QuotaCounter } from '../entrypoints/quota-counter.do';

const log = createLogger('quotas');

/** Counts in a Durable Object per key. Throws 503 when it cannot count. */
export const createQuotas = (namespace: DurableObjectNamespace<QuotaCounter>): Quotas => ({
  lease: async (keyId, limits) => {
    try {
      return await namespace.getByName(keyId).lease(limits);
    } catch (error) {
      log.error('cannot count a quota', { event: 'quota.failed', error });
      throw unavailable('Quotas are temporarily unavailable.', 1);
    }
  },
});
