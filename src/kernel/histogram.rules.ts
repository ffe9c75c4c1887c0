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

/**
 * Returns for each share (0 to 1, ascending) the duration in ms below which that part of the counts is: the geometric middle of its bucket.
 * null without counts.
 */
export function percentiles(histogram: Histogram, shares: readonly number[]): (number | null)[] {
  const pairs: [bucket: number, times: number][] = [];
  let all = 0;
  for (let i = 0; i < histogram.length; i += 2) {
    pairs.push([histogram[i]!, histogram[i + 1]!]);
    all += histogram[i + 1]!;
  }
  pairs.sort(([a], [b]) => a - b);
  let next = 0;
  let seen = pairs[0]?.[1] ?? 0;
  return shares.map((share) => {
    while (next < pairs.length && seen < share * all) seen += pairs[++next]?.[1] ?? 0;
    const bucket = pairs[next]?.[0];
    if (bucket === undefined) return null;
    return bucket === 0 ? 0 : Math.round(2 ** ((bucket - 0.5) / PER_OCTAVE));
  });
}

export const percentile = (histogram: Histogram, share: number): number | null => percentiles(histogram, [share])[0]!;
