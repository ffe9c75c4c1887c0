import type { Context } from '../../core/access/context';
import { notFound } from '../../kernel/errors';
import { authorize } from '../../core/access/permissions';
import { fileKey, FILE_BYTES, isFileId } from './file-key.rules';
import { fileType } from './file-type.rules';
import { type FilePreview, PREVIEW_BYTES, previewFile } from './preview-file.rules';

const noFile = () => notFound('resource');

/** Throws unless the actor may read files, or the id of one is enough: 122 random bits. */
function assertReader(ctx: Context): void {
  if (!ctx.settings.openFiles) authorize(ctx, 'file.read');
}

/** Returns the bytes of a file as a stream, and their number. Throws 404. */
export async function readFile(ctx: Context, id: string): Promise<{ body: ReadableStream; size: number }> {
  assertReader(ctx);
  const found = isFileId(id) ? await ctx.store.blobs.open(fileKey(id)) : null;
  if (!found) throw noFile();
  return found;
}

/** Renders a fragment of HTML that shows the file as a `typeName`. `url` is the address of the file itself. */
export async function readPreview(ctx: Context, id: string, typeName: string, url: string): Promise<FilePreview> {
  assertReader(ctx);
  const type = fileType(typeName);
  if (!type) return { kind: 'refused', message: `Unknown file type \`${typeName.slice(0, 100)}\`` };
  // The directory of a zip file is at its end; for everything else the beginning suffices.
  const limit = type === 'directory' ? FILE_BYTES : PREVIEW_BYTES;
  const found = isFileId(id) ? await ctx.store.blobs.read(fileKey(id), limit) : null;
  if (!found) throw noFile();
  return previewFile(type, new Uint8Array(found.bytes), url);
}
