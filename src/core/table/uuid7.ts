/**
 * `count` version 7 UUIDs (RFC 9562): ascending within a call, and across calls as the clock goes, so that new rows are at the end of
 * the index and `id` is the order of insertion. 12 bits count within a millisecond; past 4,096 the next millisecond is borrowed.
 */
export function uuid7s(now: number, count: number): string[] {
  const random = crypto.getRandomValues(new Uint8Array(count * 8));
  return Array.from({ length: count }, (_, i) => {
    const time = (now + (i >> 12)).toString(16).padStart(12, '0');
    const rest = random.subarray(i * 8, i * 8 + 8);
    rest[0] = (rest[0]! & 0x3f) | 0x80;
    const tail = [...rest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const counter = (i & 0xfff).toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  });
}
