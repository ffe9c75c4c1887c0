import { verb } from '../../access/verb';
import { invalidField } from '../../../kernel/issues';
import { sha256Hex } from '../../../kernel/signed';

/** Stores an uploaded content under its hash, for the next day. Repeating it only extends that. Throws 422 for another hash. */
export const putBlob = verb(
  'project.push',
  async (ctx, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (sha256Hex(bytes) !== sha256) throw invalidField('sha256', 'hash_differs', 'is not the SHA-256 of the body');
    await ctx.store.uploads.put(sha256, bytes, ctx.now());
  },
);
