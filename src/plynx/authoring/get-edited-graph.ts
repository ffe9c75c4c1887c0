import type { OwnedGraphRow, OwnerRow } from '../../storage/plynx/graphs';
import type { NodeRunRow } from '../../storage/plynx/graph-node-runs';
import type { Context } from '../../core/access/context';
import { verb } from '../../core/access/verb';
import { toIso } from '../../kernel/clock';
import { readCursor, toPage, type Page } from '../../kernel/page';
import { getGraph } from '../edit/get-graph';
import { readSearchString } from '../document/search-string.rules';
import type { EditedGraph, GraphState, GraphSummary, ListGraphsQuery } from './graph-editor.schema';

/** A row of a graph or a node. */
interface StoredRow {
  id: string;
  title: string;
  description: string;
  ownerId: string;
  revision: number;
  createdAt: number;
  updatedAt: number;
  owner: OwnerRow | null;
}

/** Returns what graphs and operations have in common. Times as ISO 8601. */
export const toStored = (ctx: Pick<Context, 'actor'>, row: StoredRow) => ({
  id: row.id,
  title: row.title,
  description: row.description,
  author: row.owner?.name ?? null,
  isOwn: ctx.actor.kind === 'user' && ctx.actor.id === row.ownerId,
  revision: row.revision,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** Returns the words of a search as the tables store them. */
export function wordsIn(text: string | undefined): string[] {
  const read = readSearchString((text ?? '').replaceAll(':', ' '));
  return read.kind === 'search' ? read.words : [];
}

/** Returns the condition of `own`. */
export const ownerFilter = (ctx: Pick<Context, 'actor'>, own: 'true' | undefined): string | undefined =>
  own === undefined ? undefined : ctx.actor.kind === 'user' ? ctx.actor.id : '';

const toSummary = (ctx: Context, row: OwnedGraphRow): GraphSummary => ({ ...toStored(ctx, row), status: row.status });

/** Lists graphs without their documents, newest first. */
export const listGraphs = verb('graph.read', async (ctx, query: ListGraphsQuery): Promise<Page<GraphSummary>> => {
  const { limit, cursor, q, own, status } = query;
  const filter = { ownerId: ownerFilter(ctx, own), statuses: status ?? [], words: wordsIn(q) };
  const rows = await ctx.store.graphs.list(filter, readCursor(cursor), limit + 1);
  return toPage(
    rows,
    limit,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    (row) => toSummary(ctx, row),
  );
});

/** Returns a graph with its document and the state of its run. Throws 404. */
export const getEditedGraph = verb('graph.read', async (ctx, id: string): Promise<EditedGraph> => {
  const { graph } = await getGraph(ctx, id);
  const [row, state] = await Promise.all([ctx.store.graphs.getOwned(id), readState(ctx, id)]);
  const { title, description, nodes } = graph;
  return { ...toStored(ctx, row!), title, description, nodes, status: state!.status, state: state! };
});

/** Returns the state of a graph and its nodes; null when there is no such graph. */
export async function readState(ctx: Pick<Context, 'store'>, id: string): Promise<GraphState | null> {
  const [row, runs] = await Promise.all([ctx.store.graphs.get(id), ctx.store.nodeRuns.of(id)]);
  return row ? { status: row.status, nodes: runs.map(toNodeState) } : null;
}

const toNodeState = (row: NodeRunRow): GraphState['nodes'][number] => ({
  id: row.nodeId,
  status: row.status,
  outputs: row.outputs,
  logs: row.logs,
  origin: row.cacheUrl,
  startedAt: toIso(row.startedAt),
  endedAt: row.endedAt === null ? null : toIso(row.endedAt),
});
