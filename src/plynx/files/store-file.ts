import { addAuditRow } from '../../core/audit/audit-row';
import { actorLabel } from '../../core/access/permissions';
import { ApiError } from '../../kernel/errors';
import { verb } from '../../core/access/verb';
import { FILE_BYTES, fileKey, isFileId } from './file-key.rules';
import type { Precondition, Write } from '../../storage/commit';
import type { Context } from '../../core/access/context';
import type { Node } from '../document/node.schema';

/** Stores the bytes unchanged, under a new id. Throws 413 over 32 MiB. Nothing names the file yet. */
export const storeFile = verb('file.write', async (ctx, bytes: ArrayBuffer): Promise<string> => {
  if (bytes.byteLength > FILE_BYTES) throw new ApiError('body_too_large', `A file may have ${FILE_BYTES} bytes.`);
  const id = crypto.randomUUID();
  await ctx.store.blobs.put(fileKey(id), bytes, actorLabel(ctx.actor));
  await addAuditRow(ctx, 'file.create', id, { bytes: bytes.byteLength });
  return id;
});

/**
 * Returns what a change pins the files of a saved document's nodes with: they stay even when the graphs that made them expire. The change is
 * refused while one of them is being deleted.
 */
export function pinFilesOf(ctx: Pick<Context, 'store'>, nodes: Node[]): { also: Write[]; requires: Precondition[] } {
  const named = nodes.flatMap(({ inputs, outputs, logs }) => [
    ...inputs.flatMap(({ values }) => values),
    ...outputs,
    ...logs,
  ]);
  const ids = new Set(named.flatMap(({ resource_id: id }) => (id !== null && isFileId(id) ? [id] : [])));
  if (ids.size === 0) return { also: [], requires: [] };
  const keys = [...ids].map(fileKey);
  const { graphRetention } = ctx.store;
  return { also: [graphRetention.pin(keys)], requires: [graphRetention.noneClaimed(keys)] };
}
