import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { MAX_BLOB_BYTES, MAX_DOCUMENT_UPLOADS } from '../../../../src/core/projects/project.schema.ts';
import { Failure } from '../failure.ts';
import { labelOf } from '../pull/place-objects.ts';
import type { FolderObject } from '../project/read-folder.ts';

/** Bytes of documents that a plan has in its own body, beside its list of objects. */
export const MAX_INLINE_BYTES = 1_000_000;

/** Documents that are uploaded together: the text, its hash, and what it has the documents of. */
export interface Pack {
  sha256: string;
  text: string;
  labels: Set<string>;
}

/** Returns the documents that are needed, as the service takes them in uploads; none where they fit into a plan. Throws a Failure for too many. */
export function packDocuments(
  objects: readonly FolderObject[],
  needed: ReadonlySet<string>,
  maxBytes: { inline: number; upload: number } = { inline: MAX_INLINE_BYTES, upload: MAX_BLOB_BYTES },
): Pack[] {
  const documents = objects
    .filter((object) => object.document !== undefined && needed.has(labelOf(object)))
    .map((object) => ({ label: labelOf(object), text: JSON.stringify(object.document) }));
  const sizes = documents.map(({ text }) => Buffer.byteLength(text) + 1);
  if (sizes.reduce((sum, size) => sum + size, 0) <= maxBytes.inline) return [];
  const lists: (typeof documents)[] = [];
  let bytes = Infinity;
  documents.forEach((document, i) => {
    if (bytes + sizes[i]! > maxBytes.upload) {
      lists.push([]);
      bytes = '[]'.length;
    }
    lists.at(-1)!.push(document);
    bytes += sizes[i]!;
  });
  if (lists.length > MAX_DOCUMENT_UPLOADS)
    throw new Failure(
      `the settings of ${documents.length} objects are more than ${MAX_DOCUMENT_UPLOADS} uploads of ${maxBytes.upload} bytes. Push a part of the files first.`,
    );
  return lists.map((list) => {
    const text = `[${list.map((document) => document.text).join(',')}]`;
    return { sha256: sha256Hex(text), text, labels: new Set(list.map(({ label }) => label)) };
  });
}
