import { auditRow } from '../../core/audit/audit-row';
import type { Context } from '../../core/access/context';
import { ApiError } from '../../kernel/errors';
import { authorize } from '../../core/access/permissions';
import { FILE_BYTES, fileKey } from './file-key.rules';

/** Keeps the bytes as they are, under a new id. 413 over 32 MiB. Nothing else names the file yet. */
export async function storeFile(ctx: Context, bytes: ArrayBuffer): Promise<string> {
  const actor = authorize(ctx, 'file.write');
  if (bytes.byteLength > FILE_BYTES) throw new ApiError('body_too_large', `A file may have ${FILE_BYTES} bytes.`);
  const id = crypto.randomUUID();
  await ctx.store.blobs.put(fileKey(id), bytes, actor.kind === 'user' ? actor.id : actor.kind);
  await ctx.store.audit.add(auditRow(ctx, 'file.create', id, { bytes: bytes.byteLength }));
  return id;
}
