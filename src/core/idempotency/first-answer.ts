/** The stored response to a POST with an Idempotency-Key. `body` is JSON text. */
export interface FirstAnswer {
  actorId: string;
  key: string;
  requestHash: string;
  status: number;
  body: string;
  /** Unix milliseconds. */
  createdAt: number;
}
