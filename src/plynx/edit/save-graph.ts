import { tryChange } from '../../core/change/change';
import type { GraphRow } from '../../storage/plynx/graphs';
import type { Context } from '../../core/access/context';
import { ApiError } from '../../kernel/errors';
import { randomText } from '../../kernel/ids';
import type { Graph } from '../document/graph.schema';
import { pinFilesOf } from '../files/store-file';
import { wordsOf } from '../document/search-string.rules';

/** Maximum bytes of a graph's document. Validation accepts 1,000 operations; larger documents can still be viewed and arranged. */
const DOC_BYTES = 8 * 1024 * 1024;

/** `stale`: the stored graph belongs to another user, was approved, or changed since it was read. Nothing was written. */
export type Saved = 'done' | 'stale';

interface SaveOptions {
  ownerId: string;
  /** The row read before, whose document is no longer needed; undefined for a new graph. */
  before: GraphRow | undefined;
  /** The action in the audit trail. */
  action: 'save' | 'approve' | 'clone' | 'edit';
  /** Requires the stored graph to be at this revision; otherwise the last writer wins while nothing runs. */
  revision?: number;
}

/**
 * Stores a graph: first the document under a new key, then the row that names it, which decides. A reader therefore sees the old document
 * or the new one, and two concurrent approvals start one run.
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
    // A change by its owner adopts a call's graph whose run never began.
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
    ...pinFilesOf(ctx, graph.nodes),
  });
  const unused = done ? before?.documentKey : documentKey;
  if (unused !== undefined) ctx.defer(blobs.remove(unused));
  return done ? 'done' : 'stale';
}
