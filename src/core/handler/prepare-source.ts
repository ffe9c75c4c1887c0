import type { Context } from '../context';
import { invalidInput } from '../offences';
import { Fault } from '../errors';
import { SOURCE_BYTES, type Artifact, type Language } from './handler.schema';

/** Checks a source and makes what the loader gets. 422 `invalid_source` lists every fault, with line and column where it has a place. */
export async function prepareSource(
  ctx: Pick<Context, 'runtime'>,
  language: Language,
  source: string,
): Promise<Artifact> {
  const bytes = new TextEncoder().encode(source).length;
  if (bytes > SOURCE_BYTES) {
    const message = `the source has ${bytes} bytes; a version may have ${SOURCE_BYTES}`;
    throw invalidInput([{ pointer: '#/source', code: 'source_too_large', message }]);
  }
  const prepared = await ctx.runtime.prepare(language, source);
  if (prepared.type === 'ready') return prepared.artifact;
  const errors = prepared.faults.map(({ code, message, line, column }) => ({
    pointer: '#/source',
    code: `source_${code}`,
    message: line === undefined ? message : `line ${line}, column ${(column ?? 0) + 1}: ${message}`,
    ...(line === undefined ? {} : { line, column: (column ?? 0) + 1 }),
  }));
  throw new Fault('invalid_source', errors[0]!.message, { errors });
}
