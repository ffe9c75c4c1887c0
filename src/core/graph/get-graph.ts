import type { GraphFilter, OwnerRow } from '../../storage/graphs';
import type { Context } from '../context';
import { authorize } from '../user/can';
import { findGraph, readDocument, shownGraphs } from './find-graph';
import type { Graph } from './graph.schema';
import type { SearchOrder } from './search-string.rules';

/** A stored graph as it is read. Times in Unix milliseconds; only its owner may change it. */
export interface StoredGraph {
  graph: Graph;
  insertedAt: number;
  updatedAt: number;
  isOwn: boolean;
  owner: OwnerRow | null;
}

/** One graph with the state of its run. 404 when there is none. */
export async function getGraph(ctx: Context, id: string): Promise<StoredGraph> {
  authorize(ctx, 'graph.read');
  const { row, graph } = await findGraph(ctx, id);
  const [shown] = await shownGraphs(ctx, [graph]);
  return {
    graph: shown!,
    insertedAt: row.createdAt,
    updatedAt: row.updatedAt,
    isOwn: ctx.actor.type === 'user' && ctx.actor.id === row.ownerId,
    owner: null,
  };
}

/** Graphs that match, in the order that was asked for, and how many there are beside the page. */
export async function searchGraphs(
  ctx: Context,
  filter: GraphFilter,
  order: SearchOrder,
  page: { offset: number; limit: number },
): Promise<{ items: StoredGraph[]; total: number }> {
  authorize(ctx, 'graph.read');
  const { graphs } = ctx.store;
  const [rows, total] = await Promise.all([graphs.search(filter, order, page), graphs.count(filter)]);
  const read = await Promise.all(rows.map(async (row) => ({ row, graph: await readDocument(ctx, row) })));
  // One that was changed between the two reads is left out rather than shown half.
  const whole = read.flatMap(({ row, graph }) => (graph ? [{ row, graph }] : []));
  const shown = await shownGraphs(
    ctx,
    whole.map(({ graph }) => graph),
  );
  const items = whole.map(({ row }, at) => ({
    graph: shown[at]!,
    insertedAt: row.createdAt,
    updatedAt: row.updatedAt,
    isOwn: ctx.actor.type === 'user' && ctx.actor.id === row.ownerId,
    owner: row.owner,
  }));
  return { items, total };
}
