import type { Write } from '../../../storage/commit';
import type { PackedFiles } from '../../../storage/handler-files';
import type { Context } from '../../access/context';
import type { Language } from '../../code/artifact';
import type { PreparedSource } from '../../workflow/compile/prepare-workflow';
import type { ApiError } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { prepareFiles } from './prepare-files';
import { prepareSource } from './prepare-source';
import type { BuiltFiles } from './source-files.schema';

/** Checks a version, of one file or of many, and builds its artifact. Throws 422 with every issue. */
export async function prepareVersion(
  ctx: Pick<Context, 'runtime' | 'store' | 'operations'>,
  handler: { language: Language; path: string },
  { source, built }: { source: string; built?: BuiltFiles | undefined },
): Promise<PreparedSource & { packed: PackedFiles | null }> {
  const prepared =
    built !== undefined
      ? await prepareFiles(ctx, handler, built)
      : { ...(await prepareSource(ctx, handler, source)), packed: null };
  const bytes = ctx.store.handlers.bytesOfVersion({ source, artifact: prepared.artifact });
  if (bytes > MAX_ROW_BYTES) throw tooLong(bytes);
  return prepared;
}

/** Bytes of the source of a version and what it is built into, as stored: D1 allows two million in a row [Cloudflare's limit]. */
const MAX_ROW_BYTES = 1_950_000;

const tooLong = (bytes: number): ApiError =>
  invalidInput([
    {
      pointer: '#/source',
      code: 'source_too_large',
      message: `must have at most ${MAX_ROW_BYTES} bytes together with the code built of it, in which quotes and line feeds count twice; it has ${bytes}`,
    },
  ]);

/** Returns the write that stores the files of a new version, for the batch of its change. */
export const contentsOf = (
  { store }: Pick<Context, 'store'>,
  handlerId: string,
  version: number,
  packed: PackedFiles | null,
): Write[] => (packed === null ? [] : [store.handlerFiles.insert(handlerId, version, packed)]);
