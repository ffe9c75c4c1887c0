import { change } from '../../core/change/change';
import { ApiError, notFound } from '../../kernel/errors';
import type { Node } from '../document/node.schema';
import { pinFilesOf } from '../files/store-file';
import { wordsOf } from '../document/search-string.rules';
import { verb } from '../../core/access/verb';
import { permissionDenied } from './permission-denied';
import { objectIdOfUser } from '../document/user-object-id.rules';
import type { NodeRow } from '../../storage/plynx/nodes';

/** Characters of a node's document: a row of D1 holds 2 MB. */
const DOC_LENGTH = 500_000;

/**
 * Stores a node as its actor's. `stored` is the row on which the change was decided, undefined for a new node. Throws 412 `stale_revision`
 * when it has changed since, 403 when it belongs to another user.
 */
export const saveNode = verb('node.write', async (ctx, node: Node, stored: NodeRow | undefined): Promise<Node> => {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw notFound('user');
  if (stored && stored.ownerId !== actor.id) throw permissionDenied();
  const doc = { ...node, author: objectIdOfUser(actor.id) };
  if (JSON.stringify(doc).length > DOC_LENGTH) {
    throw new ApiError('body_too_large', `A node may have ${DOC_LENGTH} characters as JSON.`);
  }
  const now = ctx.now();
  const row = {
    id: node._id,
    ownerId: actor.id,
    base: node.base_node_name,
    status: node.node_status,
    starred: node.starred,
    title: node.title,
    description: node.description,
    words: wordsOf(node.title, node.description),
    doc,
    createdAt: now,
    updatedAt: now,
  };
  const revision = stored?.revision ?? 0;
  await change(ctx, {
    action: 'node.save',
    id: node._id,
    changes: { title: node.title.slice(0, 200), status: node.node_status },
    write: ctx.store.nodes.save(row, revision),
    revision,
    ...pinFilesOf(ctx, [doc]),
  });
  return doc;
});
