/** Calls that a key may make in a day and a month of UTC; null or missing: no limit. */
export interface QuotaLimits {
  perDay?: number | null;
  perMonth?: number | null;
}

/** Calls taken from a quota in advance, with the state of its periods after that. Times in Unix milliseconds. */
export interface QuotaLease {
  granted: number;
  periods: QuotaPeriod[];
}
export interface QuotaPeriod {
  name: 'quota-day' | 'quota-month';
  limit: number;
  /** Calls that no lease has taken. */
  left: number;
  startedAt: number;
  endsAt: number;
}

/** Calls of a key that an isolate has taken from its quota and not made yet. */
export interface HeldLease extends QuotaLease {
  limits: QuotaLimits;
}

/** Counts the calls of keys, in one Durable Object each for all locations. Throws 503 `unavailable` when it cannot be reached. */
export interface Quotas {
  lease: (keyId: string, limits: QuotaLimits) => Promise<QuotaLease>;
}
