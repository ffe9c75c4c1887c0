import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { exactUtf8 } from '../../../kernel/encoding';
import { createHandler } from '../../publishing/handlers/create-handler';
import { createVersion } from '../../publishing/handlers/create-version';
import { renameHandler } from '../../publishing/handlers/rename-handler';
import type { SavedVersion } from '../../publishing/handlers/handler.schema';
import type { BuiltFiles } from '../../publishing/handlers/source-files.schema';
import { normalSource, versionHash } from '../documents/documents';
import type { PushStep } from '../plan/to-step';
import { openBatch, type Refusal } from './batch';
import { foresee } from './foresee';

/** Versions saved by one transaction, and their bytes. */
const MAX_VERSIONS = 25;
const MAX_BYTES = 8 * 1_048_576;

/** The version of a handler to deploy, and the one that was its latest before the push. */
export interface SavedSource {
  step: PushStep;
  handlerId: string;
  version: number;
  latestBefore: number;
  warnings: SavedVersion['warnings'];
}

/**
 * Saves the sources of a push: new handlers, and versions that are not deployed yet, so no call meets them. All are checked and compiled
 * before any is saved; throws all issues of all of them.
 */
export async function saveSources(
  ctx: Context,
  project: string,
  steps: readonly PushStep[],
  note: string,
): Promise<SavedSource[]> {
  const handlers = steps.filter(({ kind, target }) => kind === 'handler' && target !== null);
  for (const step of handlers)
    if (step.found && step.found.identity !== step.identity)
      await renameHandler(ctx, step.found.id, { path: step.identity }, false, null);
  const saved: SavedSource[] = [];
  const refusals: Refusal[] = [];
  const batches = [openBatch(ctx, project, refusals)];
  let [versions, bytes] = [0, 0];
  for (const step of handlers) {
    const content = await readContent(ctx, step);
    const size = sizeOf(content);
    if (versions === MAX_VERSIONS || bytes + size > MAX_BYTES) {
      batches.push(openBatch(ctx, project, refusals));
      [versions, bytes] = [0, 0];
    }
    [versions, bytes] = [versions + 1, bytes + size];
    await batches.at(-1)!.add(step, async (as) => {
      const made = await saveVersion(foresee(as, steps), step, content, note);
      saved.push(made);
      // The switch deploys a version of a handler that others may run.
      return step.found ? null : { id: made.handlerId, at: made.version };
    });
  }
  for (const batch of batches) await batch.make();
  return saved;
}

/** A version to save: a source, or the entry of many files with these. */
interface Content {
  source: string;
  built?: BuiltFiles;
}

const sizeOf = ({ source, built }: Content): number =>
  built
    ? (built.module?.code.length ?? 0) + (built.module?.map.length ?? 0) + Object.values(built.texts).join('').length
    : source.length;

async function saveVersion(ctx: Context, step: PushStep, content: Content, note: string): Promise<SavedSource> {
  const { found, identity: path } = step;
  if (found?.kind !== 'handler') {
    const { id, warnings } = await createHandler(ctx, { path, ...content, note, deploy: true });
    return { step, handlerId: id, version: 1, latestBefore: 0, warnings };
  }
  const { latestVersion } = found.row;
  const saved = { step, handlerId: found.id, latestBefore: latestVersion, warnings: [] };
  // A push that was interrupted has saved it already; or it is deployed, and only its path is new.
  for (const version of new Set([latestVersion, found.at])) {
    const row = version > 0 ? await ctx.store.handlers.version(found.id, version) : undefined;
    if (row && versionHash(row) === step.target!.sha256) return { ...saved, version };
  }
  const { version, warnings } = await createVersion(ctx, found.id, { ...content, note, deploy: false }, null);
  return { ...saved, version, warnings };
}

/** Reads the uploads of a handler: its source, or the files and what was built of them. */
async function readContent(ctx: Context, { identity, target, pushed }: PushStep): Promise<Content> {
  const built = pushed?.built;
  if (!built) return { source: await readText(ctx, String(target!.sha256), identity) };
  const document = built.document!;
  const read = document.files.map(async ({ path, sha256 }) => [path, await readText(ctx, sha256, path)] as const);
  const [module, ...files] = await Promise.all([readModule(ctx, built.module, identity), ...read]);
  const texts = Object.fromEntries(files);
  return { source: texts[`handlers/${identity}`] ?? '', built: { document, texts, module } };
}

/** Reads the module that was built of the files of a handler. */
async function readModule(
  ctx: Context,
  module: { code: string; map: string } | null,
  identity: string,
): Promise<BuiltFiles['module']> {
  if (module === null) return null;
  const [code, map] = await Promise.all([
    readText(ctx, module.code, `the code of ${identity}`),
    readText(ctx, module.map, `the source map of ${identity}`),
  ]);
  return { code, map };
}

/** Reads an upload in the normal form of sources. `name` is for the message. */
async function readText({ store }: Context, sha256: string, name: string): Promise<string> {
  const blob = await store.uploads.read(sha256);
  if (!blob) throw new ApiError('plan_blocked', `Upload ${name} first: PUT /admin/blobs/${sha256}.`);
  const text = exactUtf8(blob);
  if (text === null || text !== normalSource(text))
    throw new ApiError(
      'invalid_source',
      `${name} must be UTF-8 without a byte order mark, with lines ended by a line feed.`,
    );
  return text;
}
