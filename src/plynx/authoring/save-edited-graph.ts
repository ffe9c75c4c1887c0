import { staleRevision, type IfMatch } from '../../core/access/revision';
import type { Context } from '../../core/access/context';
import { verb } from '../../core/access/verb';
import { isSameJson } from '../../kernel/json.rules';
import { newObjectId } from '../document/object-id.rules';
import { objectIdOfUser } from '../document/user-object-id.rules';
import { type Graph, newGraph } from '../document/graph.schema';
import { saveGraph } from '../edit/save-graph';
import type { FoundGraph } from '../run/find-graph';
import { findEditable, requireUser, withDraft } from './find-own-graph';
import { getEditedGraph } from './get-edited-graph';
import type { CreateGraphInput, EditedGraph, ReplaceGraphInput } from './graph-editor.schema';

/** Stores a new graph of the actor. */
export const createGraph = verb('graph.write', async (ctx, input: CreateGraphInput): Promise<EditedGraph> => {
  const ownerId = requireUser(ctx);
  const graph = { ...withDraft(newGraph(newObjectId(ctx.now())), input), author: objectIdOfUser(ownerId) };
  await saveGraph(ctx, graph, { ownerId, before: undefined, action: 'save' });
  return getEditedGraph(ctx, graph._id);
});

/** Replaces title, description and nodes of a graph. Throws 404, 403, 412, and 409 `graph_approved`. */
export const replaceGraph = verb(
  'graph.write',
  async (ctx, id: string, input: ReplaceGraphInput, ifMatch: IfMatch): Promise<EditedGraph> => {
    const found = await findEditable(ctx, id, ifMatch);
    const next = withDraft(found.graph, input);
    if (!isSameJson(next, found.graph)) await saveOver(ctx, found, next, 'edit');
    return getEditedGraph(ctx, id);
  },
);

/** Stores a graph over the revision that was read. Throws 412 when another change was first. */
export async function saveOver(
  ctx: Context,
  { row }: FoundGraph,
  graph: Graph,
  action: 'edit' | 'approve',
): Promise<void> {
  const { ownerId, revision } = row;
  const saved = await saveGraph(ctx, graph, { ownerId, before: row, action, revision });
  if (saved !== 'done') throw staleRevision((await ctx.store.graphs.get(row.id))?.revision ?? revision);
}
