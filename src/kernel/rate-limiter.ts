export interface Allowance {
  allowed: boolean;
  /** Calls left in this window. */
  left: number;
  /** Number of refusals in this window, this one included. */
  refused: number;
  /** Seconds until the window ends. */
  retryAfterSeconds: number;
}

/**
 * Counts `subject` against `limit` in windows of `windowSeconds`, in one Durable Object for all locations. Throws 503 `unavailable` when it
 * cannot be reached.
 */
export interface Limiter {
  take: (subject: string, limit: number, windowSeconds: number) => Promise<Allowance>;
  /** Takes one off the count of the current window. */
  refund: (subject: string, windowSeconds: number) => Promise<void>;
}
