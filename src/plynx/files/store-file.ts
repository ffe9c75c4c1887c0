import { addAuditRow } from '../../core/audit/audit-row';
import { actorLabel } from '../../core/access/permissions';
import { ApiError } from '../../kernel/errors';
import { verb } from '../../core/access/verb';
import { FILE_BYTES, fileKey } from './file-key.rules';

/** Stores the bytes unchanged, under a new id. Throws 413 over 32 MiB. Nothing names the file yet. */
export const storeFile = verb('file.write', async (ctx, bytes: ArrayBuffer): Promise<string> => {
  if (bytes.byteLength > FILE_BYTES) throw new ApiError('body_too_large', `A file may have ${FILE_BYTES} bytes.`);
  const id = crypto.randomUUID();
  await ctx.store.blobs.put(fileKey(id), bytes, actorLabel(ctx.actor));
  await addAuditRow(ctx, 'file.create', id, { bytes: bytes.byteLength });
  return id;
});
