import * as z from 'zod';
import { canonicalJson } from '../../../../src/kernel/normal-form.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { SourceFiles } from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import { KINDS } from '../../../../src/core/projects/documents/documents.ts';
import { Failure } from '../failure.ts';
import type { FolderObject } from '../project/read-folder.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Document = z.record(z.string(), z.json());

const ExportedObject = z.strictObject({
  kind: z.enum(KINDS),
  identity: z.string(),
  sha256: Hash,
  document: Document.optional(),
  built: z.strictObject({ code: Hash, map: Hash }).nullable().optional(),
  byHand: z.enum(['value', 'rows']).optional(),
});
export type ExportedObject = z.output<typeof ExportedObject>;

const Content = z.strictObject({
  format: z.literal('portico-export-1'),
  origin: z.string(),
  exportedAt: z.iso.datetime(),
  /** The folder of endpoints that was exported; null: all. */
  folder: z.string().nullable(),
  objects: z.array(ExportedObject),
  /** Sources by their hashes. */
  texts: z.record(Hash, z.string()),
});
export type ExportContent = z.output<typeof Content>;

/** Renders an export with its checksum. */
export const renderExport = (content: ExportContent): string =>
  `${JSON.stringify({ sha256: sha256Hex(canonicalJson(content)), ...content }, null, 1)}\n`;

/** Parses an export. Throws a Failure for a file that is none, or that has changed since it was written. */
export function parseExport(text: string): ExportContent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('the file is not JSON: it is no export, or only a part of one');
  }
  const { sha256, ...content } = Object(value) as Record<string, unknown>;
  const parsed = Content.safeParse(content);
  if (!parsed.success) throw new Failure('the file is not an export of portico, or of a later version');
  if (sha256Hex(canonicalJson(content)) !== sha256)
    throw new Failure('the checksum does not match: the file has changed since it was exported');
  return parsed.data;
}

/** Returns the objects of an export as those of a folder. Throws a Failure for a source that is not in it. */
export function toObjects({ objects, texts }: ExportContent): FolderObject[] {
  const textOf = (hash: string): string => {
    const text = Object.hasOwn(texts, hash) ? texts[hash] : undefined;
    if (text === undefined || sha256Hex(text) !== hash) throw new Failure(`the export lacks the text ${hash}`);
    return text;
  };
  return objects.map(({ kind, identity, sha256, document, built }): FolderObject => {
    const object = { kind, identity, sha256, file: `${kind} ${identity}`, base: [], ...(document && { document }) };
    if (kind !== 'handler') return object;
    if (built === undefined) return { ...object, source: textOf(sha256) };
    const files = SourceFiles.parse(document);
    const all = Object.fromEntries(files.files.map((file) => [file.path, textOf(file.sha256)]));
    const module = built && { code: textOf(built.code), map: textOf(built.map) };
    return { ...object, built: { document: files, texts: all, module } };
  });
}
