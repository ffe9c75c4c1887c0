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

/** Adds all counts of `more`, or the first `length` of its numbers. */
export function addAll(histogram: Histogram, more: Histogram, length: number = more.length): void {
  for (let i = 0; i < length; i += 2) count(histogram, more[i]!, more[i + 1]!);
}

/** Counts by bucket, reused: statistics ask for the percentiles of thousands of histograms, and sorting the pairs of each is garbage. */
const byBucket: number[] = [];

/**
 * Returns for each share (0 to 1, ascending) the duration in ms below which that part of the counts is: the geometric middle of its bucket.
 * null without counts.
 */
export function percentiles(histogram: Histogram, shares: readonly number[]): (number | null)[] {
  byBucket.fill(0);
  let all = 0;
  for (let i = 0; i < histogram.length; i += 2) {
    while (byBucket.length <= histogram[i]!) byBucket.push(0);
    byBucket[histogram[i]!]! += histogram[i + 1]!;
    all += histogram[i + 1]!;
  }
  let bucket = -1;
  let seen = 0;
  return shares.map((share) => {
    if (all === 0) return null;
    while (seen === 0 || seen < share * all) seen += byBucket[++bucket]!;
    return bucket === 0 ? 0 : Math.round(2 ** ((bucket - 0.5) / PER_OCTAVE));
  });
}

export const percentile = (histogram: Histogram, share: number): number | null => percentiles(histogram, [share])[0]!;
