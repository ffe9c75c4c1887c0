/*
 * Latencies in log-spaced buckets: four to an octave, so that a percentile is off by at most 10 %. Stored as pairs of bucket and count.
 */

/** Bucket and count, alternating. */
export type Histogram = number[];

const PER_OCTAVE = 4;

/** Returns the bucket of a duration; those below 1 ms have one of their own. */
export const bucketOf = (ms: number): number => (ms < 1 ? 0 : 1 + Math.floor(Math.log2(ms) * PER_OCTAVE));

/** Adds `times` to a bucket. */
export function count(histogram: Histogram, bucket: number, times: number): void {
  for (let i = 0; i < histogram.length; i += 2) {
    if (histogram[i] !== bucket) continue;
    histogram[i + 1]! += times;
    return;
  }
  histogram.push(bucket, times);
}

/** Adds all counts of `more`. */
export function addAll(histogram: Histogram, more: Histogram): void {
  for (let i = 0; i < more.length; i += 2) count(histogram, more[i]!, more[i + 1]!);
}

/** Returns the duration in ms below which `share` (0 to 1) of the counts are: the geometric middle of its bucket. null without counts. */
export function percentile(histogram: Histogram, share: number): number | null {
  const pairs = Array.from(
    { length: histogram.length / 2 },
    (_, i) => [histogram[2 * i]!, histogram[2 * i + 1]!] as const,
  );
  const wanted = share * pairs.reduce((sum, [, times]) => sum + times, 0);
  let seen = 0;
  for (const [bucket, times] of pairs.toSorted(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= wanted) return bucket === 0 ? 0 : Math.round(2 ** ((bucket - 0.5) / PER_OCTAVE));
  }
  return null;
}
