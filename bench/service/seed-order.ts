/** Runs to write: `count` of them, evenly from `from` to `until` (Unix milliseconds), of the endpoints in turn. */
export interface SeedOrder {
  count: number;
  endpoints: { id: string; path: string }[];
  from: number;
  until: number;
}
