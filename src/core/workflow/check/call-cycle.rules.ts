/**
 * The way by which a call of `target` comes back to `path`, or null. `calls` has what each known handler calls; an unknown one is
 * taken to call nothing. `[a, b, a]` reads: a calls b, b calls a.
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
