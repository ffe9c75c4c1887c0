import type { Write } from '../../../storage/commit';
import type { PackedFiles } from '../../../storage/handler-files';
import type { Context } from '../../access/context';
import type { Language } from '../../code/artifact';
import type { PreparedSource } from '../../workflow/compile/prepare-workflow';
import { prepareFiles } from './prepare-files';
import { prepareSource } from './prepare-source';
import type { BuiltFiles } from './source-files.schema';

/** Checks a version, of one file or of many, and builds its artifact. Throws 422 with every issue. */
export async function prepareVersion(
  ctx: Pick<Context, 'runtime' | 'store' | 'operations'>,
  handler: { language: Language; path: string },
  { source, built }: { source: string; built?: BuiltFiles | undefined },
): Promise<PreparedSource & { packed: PackedFiles | null }> {
  if (built !== undefined) return prepareFiles(ctx, handler, built);
  return { ...(await prepareSource(ctx, handler, source)), packed: null };
}

/** Returns the write that stores the files of a new version, for the batch of its change. */
export const contentsOf = (
  { store }: Pick<Context, 'store'>,
  handlerId: string,
  version: number,
  packed: PackedFiles | null,
): Write[] => (packed === null ? [] : [store.handlerFiles.insert(handlerId, version, packed)]);
