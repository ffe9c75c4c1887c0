/**
 * Returns the cycle by which a call of `target` comes back to `path`, or null. `calls` maps known handlers to the handlers that they
 * call; an unknown one calls none. `[a, b, a]` means that a calls b and b calls a.
 */
export function findCycle(
  path: string,
  target: string,
  calls: ReadonlyMap<string, readonly string[]>,
): string[] | null {
  const seen = new Set<string>();
  const ways: string[][] = [[path, target]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    const last = way.at(-1) ?? path;
    if (last === path) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of calls.get(last) ?? []) ways.push([...way, next]);
  }
  return null;
}
