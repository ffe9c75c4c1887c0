/** Returns the middle value; for an even number, the mean of the two in the middle. NaN for an empty list. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

/** Returns a quantile of ascending values by nearest rank: the smallest one that at least `share` of them do not exceed. NaN for an empty list. */
export const quantile = (ascending: ArrayLike<number>, share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? NaN;

/** Returns the lower quartile: noise of other processes only adds to processor time. */
export const lowerQuartile = (values: number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.25,
  );

/**
 * The half of the rounds, rounded up, in which other processes used the machine least. Their noise is not what is measured: a floor
 * held against itself differs by a sixth while other tests run.
 */
export function quieterHalf<T>(rounds: T[], noise: (round: T) => number): T[] {
  return rounds.toSorted((a, b) => noise(a) - noise(b)).slice(0, Math.ceil(rounds.length / 2));
}
