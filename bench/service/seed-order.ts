/** Runs to write: `count` of them, evenly from `from` to `until` (Unix milliseconds), of endpoints and outcomes in no order. */
export interface SeedOrder {
  count: number;
  /** Runs in a batch. */
  batch: number;
  endpoints: { id: string; path: string }[];
  from: number;
  until: number;
}
