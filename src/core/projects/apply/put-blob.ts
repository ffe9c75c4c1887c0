import { verb } from '../../access/verb';
import { invalidField } from '../../../kernel/issues';
import { utf8Length } from '../../../kernel/encoding';
import { sha256Hex } from '../../../kernel/signed';
import type { UploadsInput } from '../project.schema';

/** Stores an uploaded content under its hash, for the next day. Repeating it only extends that. Throws 422 for another hash. */
export const putBlob = verb(
  'project.push',
  async (ctx, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (sha256Hex(bytes) !== sha256) throw invalidField('sha256', 'hash_differs', 'is not the SHA-256 of the body');
    await ctx.store.uploads.put([{ sha256, content: bytes, bytes: bytes.length }], ctx.now());
  },
);

/** Stores uploaded texts under their hashes, for the next day. */
export const putBlobs = verb('project.push', async (ctx, { texts }: UploadsInput): Promise<void> => {
  const uploads = texts.map((text) => ({ sha256: sha256Hex(text), content: text, bytes: utf8Length(text) }));
  await ctx.store.uploads.put(uploads, ctx.now());
});
