/**
 * Returns `count` version 7 UUIDs (RFC 9562), ascending within a call, and across calls with the clock, so that new rows are at the end
 * of the index and `id` is the order of insertion. 12 bits count within a millisecond; after 4,096, the next millisecond is used.
 */
export const uuid7s = (now: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const time = (now + (i >> 12)).toString(16).padStart(12, '0');
    const counter = (i & 0xfff).toString(16).padStart(3, '0');
    // Variant and random bits have the same positions as in version 4.
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${crypto.randomUUID().slice(19)}`;
  });
