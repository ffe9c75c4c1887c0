import { DurableObject } from 'cloudflare:workers';
import type { Allowance, RateGrant } from '../kernel/rate-limiter';

/** Part of the calls left that one lease takes: leases become small as a window is used up. */
const SHARE = 100;

/** Counts one subject in fixed windows, in memory: an eviction loses at most one window, and a count costs no write. */
export class RateLimiter extends DurableObject {
  #windowStart = 0;
  #count = 0;
  #refused = 0;

  take(limit: number, windowSeconds: number): Allowance {
    const endsAt = this.#enter(windowSeconds);
    const allowed = this.#count < limit;
    if (allowed) this.#count += 1;
    else this.#refused += 1;
    const refused = this.#refused;
    return {
      allowed,
      left: Math.max(0, limit - this.#count),
      refused,
      retryAfterSeconds: Math.max(1, Math.ceil((endsAt - Date.now()) / 1000)),
    };
  }

  /** Takes calls in advance, see `Limiter`. */
  lease(limit: number, windowSeconds: number, wanted: number): RateGrant {
    const endsAt = this.#enter(windowSeconds);
    const left = Math.max(0, limit - this.#count);
    const granted = Math.min(left, Math.max(wanted, Math.ceil(left / SHARE)));
    this.#count += granted;
    return { granted, left: left - granted, endsInMs: Math.max(1, endsAt - Date.now()) };
  }

  refund(windowSeconds: number): void {
    this.#enter(windowSeconds);
    this.#count = Math.max(0, this.#count - 1);
  }

  /** Starts a new window when the last one has ended. Returns the end of the current one. */
  #enter(windowSeconds: number): number {
    const now = Date.now();
    const length = windowSeconds * 1000;
    const start = now - (now % length);
    if (start !== this.#windowStart) {
      this.#windowStart = start;
      this.#count = 0;
      this.#refused = 0;
    }
    return start + length;
  }
}
