import { verb } from '../access/verb';
import { notFound } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import { RunArchivePage } from '../runs/run-archive';
import * as z from 'zod';
import type { RestorePartQuery } from './backup.schema';
import { isAbandoned } from './drop-abandoned-copies';
import { parsePart, partNotFound } from './part-names';

const Cell = z.union([z.string(), z.number(), z.null(), z.strictObject({ base64: z.base64() })]);
const TablePage = z.strictObject({
  columns: z.array(z.string().max(64)).min(1).max(100),
  rows: z.array(z.array(Cell).max(101)).max(1000),
  next: z.number().nullable(),
});

/** Adds a page of a part, or a file. A page that is added twice is there once. Throws 404 for a restore that has ended or was replaced. */
export const restorePart = verb(
  'backup.restore',
  async (ctx, id: string, { part, owner }: RestorePartQuery, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const row = await ctx.store.restores.get(id);
    if (row === undefined || row.finishedAt !== null || isAbandoned(row, ctx.now())) throw notFound('restore');
    const named = parsePart(part);
    if (named === null || named.kind === 'files') throw invalidField('part', 'unknown', partNotFound(part));
    if (named.kind === 'file') return ctx.store.blobs.put(named.key, bytes, owner);
    if (named.kind === 'runs') return ctx.runArchive.write(named.name, parsePage(RunArchivePage, bytes));
    const page = parsePage(TablePage, bytes);
    if (page.rows.some((cells) => cells.length !== page.columns.length + 1)) throw invalidPage();
    if (!(await ctx.store.staging.load(id, named, page))) throw invalidField('part', 'unknown', partNotFound(part));
  },
);

const invalidPage = () => invalidField('body', 'invalid', 'must be a page as it was read');

function parsePage<T>(schema: z.ZodType<T>, bytes: Uint8Array<ArrayBuffer>): T {
  const parsed = schema.safeParse(parseJson(bytes));
  if (!parsed.success) throw invalidPage();
  return parsed.data;
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
