import type { SourceFault } from '../../runtime/types';
import type { Context } from '../context';
import { Fault, type Offence } from '../errors';
import { invalidInput } from '../offences';
import { preparePublished } from '../graph/published/prepare-published';
import { prepareWorkflow } from '../workflow/prepare-workflow';
import { SOURCE_BYTES, type Artifact, type Language } from './handler.schema';

/** A source that may be saved: what the loader gets, and what its author should look at. */
export interface PreparedSource {
  artifact: Artifact;
  warnings: Offence[];
}

/** Checks a source and makes what the loader gets. 422 `invalid_source` lists every fault, with line and column where it has a place. */
export async function prepareSource(
  ctx: Pick<Context, 'runtime' | 'store' | 'operations'>,
  handler: { language: Language; path: string },
  source: string,
): Promise<PreparedSource> {
  const bytes = new TextEncoder().encode(source).length;
  if (bytes > SOURCE_BYTES) {
    const message = `the source has ${bytes} bytes; a version may have ${SOURCE_BYTES}`;
    throw invalidInput([{ pointer: '#/source', code: 'source_too_large', message }]);
  }
  if (handler.language === 'graph') return preparePublished(ctx, source);
  if (handler.language === 'workflow') return prepareWorkflow(ctx, handler.path, source);
  const prepared = await ctx.runtime.prepare(handler.language, source, handler.path);
  if (prepared.type === 'ready') return { artifact: prepared.artifact, warnings: prepared.warnings.map(toOffence) };
  const errors = prepared.faults.map(toOffence);
  throw new Fault('invalid_source', errors[0]!.message, { errors });
}

/** Editors count columns from 1. */
const toOffence = ({ code, message, line, column }: SourceFault): Offence => ({
  pointer: '#/source',
  code: `source_${code}`,
  message: line === undefined ? message : `line ${line}, column ${(column ?? 0) + 1}: ${message}`,
  ...(line === undefined ? {} : { line, column: (column ?? 0) + 1 }),
});
