import { ApiError, notFound } from '../../kernel/errors';
import { isSameJson } from '../../kernel/json.rules';
import { verb } from '../../core/access/verb';
import { permissionDenied } from './permission-denied';
import { type Edited, insertNode } from './edit-graph.rules';
import { patchGraph } from './change-values.rules';
import { findGraph, shownGraphs } from '../run/find-graph';
import { frozenMessage, frozenStatus } from './graph-action.rules';
import type { Graph } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import { newObjectId } from '../document/object-id.rules';
import { saveGraph } from './save-graph';

/** `refused`: the graph was approved and is read-only. `invalid`: the change breaks a rule. */
export type Changed =
  | { kind: 'changed'; graph: Graph; node: Node | undefined }
  | { kind: 'refused' | 'invalid'; message: string };

/** Number of tries of a change when the graph is changed concurrently. */
const ATTEMPTS = 5;

/** Merges a part into a stored graph: title, description, nodes. Throws 404, 403. */
export const patchStoredGraph = verb(
  'graph.write',
  (ctx, id: string, part: Record<string, unknown>): Promise<Changed> =>
    changeGraph(ctx, id, (graph) => {
      const read = patchGraph(graph, part);
      return read.kind === 'parsed'
        ? { kind: 'edited', graph: read.value }
        : { kind: 'invalid', message: read.message };
    }),
);

/** Places a copy of a stored node in a graph. Throws 404 for either of them, 403. */
export const placeNode = verb(
  'graph.write',
  (ctx, id: string, nodeId: string, at: { x: number; y: number }): Promise<Changed> =>
    changeGraph(ctx, id, async (graph) => {
      const stored = (await ctx.store.nodes.get(nodeId)) ?? null;
      if (!stored) return { kind: 'absent', message: 'Node was not found' };
      return insertNode(graph, stored.doc, { id: newObjectId(ctx.now()), ...at });
    }),
);

/**
 * Changes a stored graph by a rule. Throws 404 when the graph or a part that the change names does not exist, 403 when it belongs to another
 * user. Applies the rule again when the graph was changed between read and write.
 */
export const changeGraph = verb(
  'graph.write',
  async (ctx, id: string, change: (graph: Graph) => Edited | Promise<Edited>): Promise<Changed> => {
    const { actor } = ctx;
    if (actor.kind !== 'user') throw notFound('user');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { row, graph } = await findGraph(ctx, id);
      if (row.ownerId !== actor.id) throw permissionDenied();
      const frozen = frozenStatus(row.status);
      if (frozen) return { kind: 'refused', message: frozenMessage(frozen) };
      const edited = await change(graph);
      if (edited.kind === 'absent') throw new ApiError('not_found', edited.message);
      if (edited.kind === 'invalid') return edited;
      const { graph: next, node } = edited;
      if (isSameJson(next, graph)) return { kind: 'changed', graph, node };
      const options = { ownerId: actor.id, before: row, action: 'edit' as const, revision: row.revision };
      if ((await saveGraph(ctx, next, options)) === 'done') return { kind: 'changed', graph: next, node };
    }
    throw new ApiError('stale_revision', 'This graph keeps changing. Retry.');
  },
);

/** Throws 404 or 403 unless the actor may change this graph; a dialect calls it before it reads a body. */
export const assertOwnGraph = verb('graph.write', async (ctx, id: string): Promise<void> => {
  const { actor } = ctx;
  const row = await ctx.store.graphs.get(id);
  if (!row) throw new ApiError('not_found', 'Graph was not found');
  if (actor.kind !== 'user' || row.ownerId !== actor.id) throw permissionDenied();
});

/** Returns the nodes of a graph in their current state. */
export const listGraphNodes = verb('graph.read', async (ctx, id: string): Promise<Node[]> => {
  const { graph } = await findGraph(ctx, id);
  const [shown] = await shownGraphs(ctx, [graph]);
  return shown!.nodes;
});
