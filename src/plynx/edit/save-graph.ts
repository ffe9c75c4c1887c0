import { tryChange } from '../../core/change/change';
import type { GraphRow } from '../../storage/plynx/graphs';
import type { Context } from '../../core/access/context';
import { ApiError } from '../../kernel/errors';
import { randomText } from '../../kernel/ids';
import type { Graph } from '../document/graph.schema';
import { pinFilesOf } from './pin-files';
import { wordsOf } from '../document/search-string.rules';

/** Bytes of a graph's document. Validation takes 1,000 operations; documents with more than that may still be looked at and laid out. */
const DOC_BYTES = 8 * 1024 * 1024;

/** `stale`: the stored graph is somebody else's, was approved, or changed since it was read. Nothing was changed then. */
export type Saved = 'done' | 'stale';

interface SaveOptions {
  ownerId: string;
  /** The row that was read before, whose document is not needed any more; undefined for a new graph. */
  before: GraphRow | undefined;
  /** What it was for, in the audit trail. */
  action: 'save' | 'approve' | 'clone' | 'edit';
  /** Only if the stored graph is still at this revision; otherwise the last writer wins while nothing runs. */
  revision?: number;
}

/**
 * Keeps a graph: first the document under a new key, then the row that names it, which decides. So a reader sees the old document or
 * the new one, and two people who approve at once start one run.
 */
export async function saveGraph(ctx: Context, graph: Graph, options: SaveOptions): Promise<Saved> {
  const { before, ownerId } = options;
  const document = JSON.stringify(graph);
  if (document.length > DOC_BYTES) throw new ApiError('body_too_large', `A graph may have ${DOC_BYTES} bytes as JSON.`);
  const { blobs, graphs } = ctx.store;
  const documentKey = `graphs/${graph._id}/${randomText(12)}`;
  await blobs.put(documentKey, document, ownerId);
  const now = ctx.now();
  const fields = {
    // A call's graph whose run never began is its owner's once they change it.
    endpointId: null,
    title: graph.title,
    description: graph.description,
    words: wordsOf(graph.title, graph.description),
    status: graph.graph_running_status,
    documentKey,
    updatedAt: now,
  };
  const write =
    options.revision === undefined
      ? graphs.save({ id: graph._id, ownerId, ...fields, createdAt: now })
      : graphs.update(graph._id, options.revision, fields);
  const done = await tryChange(ctx, {
    action: `graph.${options.action}`,
    id: graph._id,
    changes: { title: graph.title.slice(0, 200), nodes: graph.nodes.length },
    write,
    also: pinFilesOf(ctx, graph.nodes),
  });
  const unused = done ? before?.documentKey : documentKey;
  if (unused !== undefined) ctx.defer(blobs.remove(unused));
  return done ? 'done' : 'stale';
}
