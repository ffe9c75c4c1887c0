import type { GraphFilter, OwnedGraphRow, OwnerRow } from '../../storage/plynx/graphs';
import type { Context } from '../../core/access/context';
import { verb } from '../../core/access/verb';
import { objectIdOfUser } from '../document/user-object-id.rules';
import { findGraph, shownGraphs, toGraph } from '../run/find-graph';
import { type Graph, newGraph } from '../document/graph.schema';
import type { SearchOrder } from '../document/search-string.rules';

/** A stored graph in its current state. Times in Unix milliseconds; only its owner may change it. */
export interface StoredGraph {
  graph: Graph;
  insertedAt: number;
  updatedAt: number;
  isOwn: boolean;
  owner: OwnerRow | null;
}

/** Returns one graph with the state of its run. Throws 404. */
export const getGraph = verb('graph.read', async (ctx, id: string): Promise<StoredGraph> => {
  const { row, graph } = await findGraph(ctx, id);
  const [shown] = await shownGraphs(ctx, [graph]);
  return {
    graph: shown!,
    insertedAt: row.createdAt,
    updatedAt: row.updatedAt,
    isOwn: ctx.actor.kind === 'user' && ctx.actor.id === row.ownerId,
    owner: null,
  };
});

/** Documents read concurrently. */
const AT_ONCE = 4;
/** Bytes of the documents of one page: they are in the memory of an isolate together. */
const PAGE_BYTES = 16 * 1024 * 1024;

/**
 * Returns the graphs of a page with their documents. Beyond PAGE_BYTES, graphs come without their nodes. Omits a graph that was changed
 * between the two reads.
 */
async function readPage(ctx: Context, rows: OwnedGraphRow[]): Promise<{ row: OwnedGraphRow; graph: Graph }[]> {
  const read: { row: OwnedGraphRow; graph: Graph }[] = [];
  let room = PAGE_BYTES;
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    const found = await Promise.all(
      some.map(async (row) => (room > 0 ? ctx.store.blobs.text(row.documentKey) : undefined)),
    );
    for (const [index, text] of found.entries()) {
      const row = some[index]!;
      room -= text?.length ?? 0;
      if (text === undefined || (text !== null && room < 0)) read.push({ row, graph: withoutNodes(row) });
      else if (text !== null) read.push({ row, graph: toGraph(text, row) });
    }
  }
  return read;
}

const withoutNodes = ({ id, ownerId, title, description, status }: OwnedGraphRow): Graph => ({
  ...newGraph(id),
  author: objectIdOfUser(ownerId),
  title,
  description,
  graph_running_status: status,
});

/** Returns matching graphs in the requested order, and the number of others beside the page. */
export const searchGraphs = verb(
  'graph.read',
  async (
    ctx,
    filter: GraphFilter,
    order: SearchOrder,
    page: { offset: number; limit: number },
  ): Promise<{ items: StoredGraph[]; total: number }> => {
    const { graphs } = ctx.store;
    const [rows, total] = await Promise.all([graphs.search(filter, order, page), graphs.count(filter)]);
    const whole = await readPage(ctx, rows);
    const shown = await shownGraphs(
      ctx,
      whole.map(({ graph }) => graph),
    );
    const items = whole.map(({ row }, at) => ({
      graph: shown[at]!,
      insertedAt: row.createdAt,
      updatedAt: row.updatedAt,
      isOwn: ctx.actor.kind === 'user' && ctx.actor.id === row.ownerId,
      owner: row.owner,
    }));
    return { items, total };
  },
);
