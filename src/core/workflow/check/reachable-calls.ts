import type { Context } from '../../access/context';

/** Handlers that are looked at to find out whether a workflow comes back to itself. */
const MAX_HANDLERS = 200;

/** What the handlers that can be reached from `paths` call, as they are served now; a handler that there is not is not in it. */
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
