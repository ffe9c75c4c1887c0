import { newNode } from '../document/base-node.rules';
import type { Node } from '../document/node.schema';
import { saveNode } from './save-node';
import { verb } from '../../core/access/verb';
import { fileType } from '../files/file-type.rules';
import { storeFile } from '../files/store-file';

export interface Upload {
  bytes: ArrayBuffer;
  title: string;
  description: string;
  fileType: string;
}
export type Uploaded = { kind: 'uploaded'; fileId: string; node: Node } | { kind: 'refused'; message: string };

/** Stores a file and creates a node of it that graphs can use at once. */
export const uploadFile = verb(
  'file.write',
  async (ctx, { bytes, title, description, fileType: type }: Upload): Promise<Uploaded> => {
    if (!fileType(type)) return { kind: 'refused', message: `Unknown file type \`${type.slice(0, 100)}\`` };
    const fileId = await storeFile(ctx, bytes);
    const file = {
      ...newNode('file'),
      title,
      description,
      outputs: [{ name: 'out', file_type: type, resource_id: fileId }],
    };
    return { kind: 'uploaded', fileId, node: await saveNode(ctx, file, undefined) };
  },
);
