import type { OverdueGraph } from '../../storage/plynx/graph-retention';
import type { Context } from '../../core/access/context';
import { fileKey } from '../files/file-key.rules';
import { DAY_MS } from '../../kernel/clock';

/** Maximum of graphs, and of runs of nodes, that one batch deletes: each run may name several files. */
const CHUNK_GRAPHS = 100;
const CHUNK_NODE_RUNS = 1000;
const MAX_CHUNKS = 20;

type Sweeping = Pick<Context, 'store' | 'now'>;

/**
 * Deletes graphs of calls that ended before `before`, in chunks. Returns the count. Their documents and files stay for another day, so that
 * a caller who has just received the id of a file can read it, and save it as their own.
 */
export async function sweepGraphs(ctx: Sweeping, before: number): Promise<number> {
  const { graphRetention } = ctx.store;
  let total = 0;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const overdue = await graphRetention.overdue(before, CHUNK_GRAPHS);
    if (overdue.length === 0) break;
    const ids = firstOf(overdue, CHUNK_NODE_RUNS);
    await graphRetention.discard({ ids, before, checkAt: ctx.now() + DAY_MS, filePrefix: fileKey('') });
    total += ids.length;
  }
  return total;
}

/** Returns the first graphs with at most `most` runs of nodes together; one, if it alone has more. */
function firstOf(graphs: OverdueGraph[], most: number): string[] {
  const ids: string[] = [];
  let left = most;
  for (const { id, nodeRuns } of graphs) {
    left -= nodeRuns;
    if (left < 0 && ids.length > 0) break;
    ids.push(id);
  }
  return ids;
}

/**
 * Deletes discarded objects that nothing needs, at most `limit`. Returns how many it checked. Objects that the cache or another run still
 * needs are checked again a day later. Claims an object before it deletes it, because a document that names it may be saved at this moment;
 * deletes it before its row, so that the next sweep completes an interrupted one.
 */
export async function removeDiscarded(ctx: Sweeping, limit: number): Promise<number> {
  const { graphRetention, blobs } = ctx.store;
  const due = await graphRetention.due(ctx.now(), limit);
  const { free = [], shared = [], pinned = [] } = Object.groupBy(due, ({ need }) => need);
  const keysOf = (list: typeof due): string[] => list.map(({ key }) => key);
  const claimed = free.length > 0 ? await graphRetention.claim(keysOf(free)) : [];
  if (claimed.length > 0) await blobs.remove(claimed);
  if (claimed.length + pinned.length > 0) await graphRetention.forget([...claimed, ...keysOf(pinned)]);
  if (shared.length > 0) await graphRetention.postpone(keysOf(shared), ctx.now() + DAY_MS);
  return due.length;
}
