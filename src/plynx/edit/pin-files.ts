import type { Write } from '../../storage/commit';
import type { Context } from '../../core/access/context';
import { fileKey, isFileId } from '../files/file-key.rules';
import type { Node } from '../document/node.schema';

/** Returns the writes that pin the files of a saved document's nodes: they stay even when the graphs that made them expire. */
export function pinFilesOf(ctx: Pick<Context, 'store'>, nodes: Node[]): Write[] {
  const named = nodes.flatMap(({ inputs, outputs, logs }) => [
    ...inputs.flatMap(({ values }) => values),
    ...outputs,
    ...logs,
  ]);
  const ids = new Set(named.flatMap(({ resource_id: id }) => (id !== null && isFileId(id) ? [id] : [])));
  return ids.size === 0 ? [] : [ctx.store.graphRetention.pin([...ids].map(fileKey))];
}
