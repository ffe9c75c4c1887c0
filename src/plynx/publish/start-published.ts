import { notFound } from '../../kernel/errors';
import { randomText } from '../../kernel/ids';
import { verb } from '../../core/access/verb';
import { newObjectId } from '../document/object-id.rules';
import { objectIdOfUser } from '../document/user-object-id.rules';
import { cloneGraph } from '../edit/clone-graph.rules';
import { planGraphAction } from '../edit/graph-action.rules';
import type { Graph } from '../document/graph.schema';
import { startRun } from '../run/run-lifecycle';
import { wordsOf } from '../document/search-string.rules';

/** Approves a copy of a published graph as its actor's and starts it. Returns its id. Not in the audit trail: calls have runs. */
export const startPublished = verb(
  'graph.write',
  async (ctx, published: Graph, endpointId: string): Promise<string> => {
    const { actor } = ctx;
    if (actor.kind !== 'user') throw notFound('user');
    const clone = { id: newObjectId(ctx.now()), author: objectIdOfUser(actor.id) };
    const graph = cloneGraph(published, clone);
    const plan = planGraphAction('APPROVE', { graph, storedStatus: undefined, stored: new Map(), clone });
    if (plan.kind !== 'done') throw new Error('a published graph passed validation when it was saved');
    const { title, description } = plan.graph;
    const documentKey = `graphs/${clone.id}/${randomText(12)}`;
    await ctx.store.blobs.put(documentKey, JSON.stringify(plan.graph), actor.id);
    const now = ctx.now();
    await ctx.store.graphs
      .save({
        id: clone.id,
        ownerId: actor.id,
        title,
        description,
        words: wordsOf(title, description),
        status: plan.graph.graph_running_status,
        documentKey,
        endpointId,
        createdAt: now,
        updatedAt: now,
      })
      .run();
    await startRun(ctx, clone.id);
    return clone.id;
  },
);
