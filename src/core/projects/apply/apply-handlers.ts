import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { exactUtf8 } from '../../../kernel/encoding';
import { createHandler } from '../../publishing/handlers/create-handler';
import { createVersion } from '../../publishing/handlers/create-version';
import { renameHandler } from '../../publishing/handlers/rename-handler';
import { normalSource } from '../documents/documents';
import type { PushStep } from '../plan/to-step';
import { openBatch, type Refusal } from './batch';

/** Versions saved by one transaction, and their bytes. */
const MAX_VERSIONS = 25;
const MAX_BYTES = 8 * 1_048_576;

/** The version of a handler to deploy, and the one that was its latest before the push. */
export interface SavedSource {
  step: PushStep;
  handlerId: string;
  version: number;
  latestBefore: number;
}

/**
 * Saves the sources of a push: new handlers, and versions that are not deployed yet, so no call meets them. All are checked and compiled
 * before any is saved; throws every fault of all of them.
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
    const source = await readSource(ctx, step);
    if (versions === MAX_VERSIONS || bytes + source.length > MAX_BYTES) {
      batches.push(openBatch(ctx, project, refusals));
      [versions, bytes] = [0, 0];
    }
    [versions, bytes] = [versions + 1, bytes + source.length];
    await batches.at(-1)!.add(step, async (as) => {
      const made = await saveSource(as, step, source, note);
      saved.push(made);
      // The switch deploys a version of a handler that others may run.
      return step.found ? null : { id: made.handlerId, at: made.version };
    });
  }
  for (const batch of batches) await batch.make();
  return saved;
}

async function saveSource(ctx: Context, step: PushStep, source: string, note: string): Promise<SavedSource> {
  const { found, identity: path } = step;
  if (found?.kind !== 'handler') {
    const { id } = await createHandler(ctx, { path, source, note, deploy: true });
    return { step, handlerId: id, version: 1, latestBefore: 0 };
  }
  const { latestVersion } = found.row;
  const saved = { step, handlerId: found.id, latestBefore: latestVersion };
  // A push that was interrupted has saved it already; or it is deployed, and only its path is new.
  for (const version of new Set([latestVersion, found.at])) {
    const row = version > 0 ? await ctx.store.handlers.version(found.id, version) : undefined;
    if (row && normalSource(row.source) === source) return { ...saved, version };
  }
  const { version } = await createVersion(ctx, found.id, { source, note, deploy: false }, null);
  return { ...saved, version };
}

/** Reads an uploaded source. */
async function readSource({ store }: Context, { identity, target }: PushStep): Promise<string> {
  const blob = await store.uploads.read(String(target!.sha256));
  if (!blob)
    throw new ApiError(
      'plan_blocked',
      `Upload the source of ${identity} first: PUT /admin/blobs/${String(target!.sha256)}.`,
    );
  const source = exactUtf8(blob);
  if (source === null || source !== normalSource(source))
    throw new ApiError(
      'invalid_source',
      `${identity} must be UTF-8 without a byte order mark, with lines ended by a line feed.`,
    );
  return source;
}
