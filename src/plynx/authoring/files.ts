import { verb } from '../../core/access/verb';
import { notFound } from '../../kernel/errors';
import { startOfUtf8 } from '../../kernel/encoding';
import { fileKey, FILE_BYTES, isFileId } from '../files/file-key.rules';
import { namesOfZip } from '../files/preview-file.rules';
import type { FileType } from '../files/file-type.rules';
import { uploadFile } from '../edit/upload-file';
import { getOperation } from './operations';
import type { FilePreviewText, EditedOperation } from './graph-editor.schema';

/** Bytes of a text preview. */
const PREVIEW_BYTES = 64 * 1024;
const MAX_NAMES = 1000;

/** Stores a file and a node of it that graphs can use at once. Throws 413 over 32 MiB. */
export const addFile = verb(
  'file.write',
  async (
    ctx,
    bytes: Uint8Array<ArrayBuffer>,
    { title, description, type }: { title: string; description: string; type: FileType },
  ): Promise<EditedOperation> => {
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const stored = await uploadFile(ctx, { bytes: buffer, title, description, fileType: type });
    if (stored.kind === 'refused') throw notFound('file type');
    return getOperation(ctx, stored.node._id);
  },
);

/** Opens a file as a download. Throws 404. */
export const openFile = verb(
  'file.read',
  async (ctx, id: string): Promise<{ type: string; filename: string; body: ReadableStream<Uint8Array> }> => {
    const found = isFileId(id) ? await ctx.store.blobs.open(fileKey(id)) : null;
    if (!found) throw notFound('file');
    return { type: 'application/octet-stream', filename: id, body: found.body as ReadableStream<Uint8Array> };
  },
);

/** Returns the beginning of a file as text, and of a `directory` the names in it. Throws 404. */
export const previewFileText = verb('file.read', async (ctx, id: string, type: FileType): Promise<FilePreviewText> => {
  const limit = type === 'directory' ? FILE_BYTES : PREVIEW_BYTES;
  const found = isFileId(id) ? await ctx.store.blobs.read(fileKey(id), limit) : null;
  if (!found) throw notFound('file');
  const bytes = new Uint8Array(found.bytes);
  const names = type === 'directory' ? namesOfZip(bytes) : null;
  return {
    bytes: found.size,
    text: names === null ? startOfUtf8(bytes, PREVIEW_BYTES) : null,
    names: names?.names.slice(0, MAX_NAMES) ?? null,
    isCut: names === null ? found.size > PREVIEW_BYTES : names.isCut || names.names.length > MAX_NAMES,
  };
});
