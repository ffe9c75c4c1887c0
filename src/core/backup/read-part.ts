import { verb } from '../access/verb';
import { notFound } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import type { ExportedFile } from '../../kernel/stream-parts';
import type { Context } from '../access/context';
import type { PartQuery } from './backup.schema';
import { parsePart, partNotFound, type NamedPart } from './part-names';

const TYPE = 'application/octet-stream';

/**
 * Returns a page of a part of a backup as JSON text, whose `next` is the `after` of the following page, or the content of a file. Throws 404
 * once another backup was taken.
 */
export const readBackupPart = verb(
  'backup.take',
  async (ctx, id: string, { part, after, last }: PartQuery): Promise<Omit<ExportedFile, 'filename'>> => {
    const named = parsePart(part);
    if (named === null) throw invalidField('part', 'unknown', partNotFound(part));
    if (named.kind === 'file') {
      const found = await ctx.store.blobs.open(named.key);
      if (found === null) throw notFound('file');
      return { type: TYPE, body: found.body as ReadableStream<Uint8Array> };
    }
    const page = await readPage(ctx, id, named, after, Number(last));
    if (page === null) throw notFound('backup');
    return { type: TYPE, body: new Blob([JSON.stringify(page)]).stream() };
  },
);

async function readPage(
  { store, runArchive }: Context,
  id: string,
  named: Exclude<NamedPart, { kind: 'file' }>,
  after: string,
  last: number,
): Promise<object | null> {
  if (named.kind === 'files') {
    const { files, isLast } = await store.blobs.list(after);
    return { files, next: isLast ? null : (files.at(-1)?.key ?? null) };
  }
  const at = Number(after);
  if (!Number.isSafeInteger(at)) throw invalidField('after', 'invalid', 'must be the `next` of a page');
  return named.kind === 'table' ? store.snapshots.read(id, named, at) : runArchive.read(named.name, at, last);
}

/** Deletes the snapshot of a backup. */
export const endBackup = verb('backup.take', (ctx, id: string): Promise<void> => ctx.store.snapshots.drop(id));
