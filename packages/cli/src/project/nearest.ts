/** Returns the name at an edit distance of at most 2, and less than half of the length; null when there is none. */
export function nearest(name: string, names: readonly string[]): string | null {
  const [best] = names
    .map((one) => ({ one, far: distance(name.slice(0, 64), one) }))
    .filter(({ one, far }) => far <= 2 && far * 2 < one.length)
    .toSorted((a, b) => a.far - b.far);
  return best?.one ?? null;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
