import type { OwnerRow } from '../../storage/plynx/graphs';
import type { NodeFilter, NodeRow } from '../../storage/plynx/nodes';
import type { Context } from '../../core/access/context';
import { ApiError } from '../../kernel/errors';
import type { Node } from '../document/node.schema';
import { verb } from '../../core/access/verb';

/** A stored operation or file. Times in Unix milliseconds; only its owner may change it. */
export interface StoredNode {
  node: Node;
  insertedAt: number;
  updatedAt: number;
  isOwn: boolean;
  owner: OwnerRow | null;
}

/** Returns the row of a node, for verbs. Throws 404. */
async function findNode(ctx: Context, id: string): Promise<NodeRow> {
  const row = await ctx.store.nodes.get(id);
  if (!row) throw new ApiError('not_found', `Node \`${id.slice(0, 100)}\` was not found`);
  return row;
}

export const getNode = verb('node.read', async (ctx, id: string): Promise<StoredNode> =>
  toStored(ctx, { ...(await findNode(ctx, id)), owner: null }),
);

/** Returns matching operations and files, newest first, and the number of others beside the page. */
export const searchNodes = verb(
  'node.read',
  async (
    ctx,
    filter: NodeFilter,
    page: { offset: number; limit: number; starredFirst: boolean },
  ): Promise<{ items: StoredNode[]; total: number }> => {
    const { nodes } = ctx.store;
    const [rows, total] = await Promise.all([nodes.search(filter, page.starredFirst, page), nodes.count(filter)]);
    return { items: rows.map((row) => toStored(ctx, row)), total };
  },
);

const toStored = (ctx: Context, row: NodeRow & { owner: OwnerRow | null }): StoredNode => ({
  node: row.doc,
  insertedAt: row.createdAt,
  updatedAt: row.updatedAt,
  isOwn: ctx.actor.kind === 'user' && ctx.actor.id === row.ownerId,
  owner: row.owner,
});
