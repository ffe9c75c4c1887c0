import type { Context } from '../../access/context';

/** Handlers visited in the search for a cycle. */
const MAX_HANDLERS = 200;

/** Returns the calls of every handler reachable from `paths`, in default versions. Handlers that do not exist are left out. */
export async function reachableCalls(
  ctx: Pick<Context, 'store'>,
  paths: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>();
  let next = [...paths];
  while (next.length > 0 && known.size < MAX_HANDLERS) {
    const found = await ctx.store.handlers.callsOf(next.slice(0, MAX_HANDLERS));
    for (const { path, calls } of found) known.set(path, calls);
    next = [...new Set(found.flatMap(({ calls }) => calls))].filter((path) => !known.has(path));
  }
  return known;
}
