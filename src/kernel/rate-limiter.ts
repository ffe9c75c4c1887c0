export interface Allowance {
  allowed: boolean;
  /** Calls left in this window. */
  left: number;
  /** Number of refusals in this window, this one included. */
  refused: number;
  /** Seconds until the window ends. */
  retryAfterSeconds: number;
}

/** Calls taken in advance from the current window. */
export interface RateGrant {
  granted: number;
  /** Calls that no lease has taken. */
  left: number;
  endsInMs: number;
}

/**
 * Counts `subject` against `limit` in windows of `windowSeconds`, in one Durable Object for all locations. Throws 503 `unavailable` when it
 * cannot be reached.
 */
export interface Limiter {
  take: (subject: string, limit: number, windowSeconds: number) => Promise<Allowance>;
  /**
   * Takes calls in advance: those that are `wanted`, or a hundredth of what is left where that is more; none when nothing is left. Calls that
   * are not made before the window ends are lost.
   */
  lease: (subject: string, limit: number, windowSeconds: number, wanted: number) => Promise<RateGrant>;
  /** Takes one off the count of the current window. */
  refund: (subject: string, windowSeconds: number) => Promise<void>;
}
