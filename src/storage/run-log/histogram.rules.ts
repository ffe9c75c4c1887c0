/*
 * Latencies in log-spaced buckets: four to an octave, so that a percentile is off by at most 10 %. Stored as pairs of bucket and count.
 */

/** Bucket and count, alternating. */
export type Histogram = number[];

const PER_OCTAVE = 4;

/** Returns the bucket of a duration; 0 ms has one of its own. */
export const bucketOf = (ms: number): number => (ms < 1 ? 0 : 1 + Math.floor(Math.log2(ms) * PER_OCTAVE));

/** Returns the duration that stands for a bucket: its geometric middle, in ms. */
export const msOf = (bucket: number): number => (bucket === 0 ? 0 : Math.round(2 ** ((bucket - 0.5) / PER_OCTAVE)));

/** Adds `count` to a bucket. */
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
