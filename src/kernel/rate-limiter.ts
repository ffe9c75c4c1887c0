export interface Allowance {
  allowed: boolean;
  /** How often this window has refused, this time included. */
  refused: number;
  /** Seconds until the window ends. */
  retryAfterSeconds: number;
}

/**
 * Counts `subject` against `limit` in windows of `windowSeconds`. One count for all of the world: it is a Durable Object. Throws 503
 * `unavailable` when that cannot be reached.
 */
export interface Limiter {
  take: (subject: string, limit: number, windowSeconds: number) => Promise<Allowance>;
  /** Takes one off the count of the present window. */
  refund: (subject: string, windowSeconds: number) => Promise<void>;
}
