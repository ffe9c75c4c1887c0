import type { HandlerRow } from '../../../storage/handlers';
import { notFound } from '../../../kernel/errors';
import { invalidInput, toIssues } from '../../../kernel/issues';
import type { Artifact } from '../../code/artifact';
import type { Context } from '../../access/context';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { createHandler } from './create-handler';
import { createVersion } from './create-version';
import { deployVersion } from './deploy-version';
import { findHandler, toHandler } from './get-handler';
import { CreateHandlerInput, type DeployedHandler, type HandlerFiles } from './handler.schema';

/** Returns the default version of the handler at a path, or its latest while none is deployed. Throws 404. */
async function findServed({ store }: Context, path: string) {
  const handler = await store.handlers.byPath(path);
  const row = handler && (await store.handlers.version(handler.id, handler.defaultVersion ?? handler.latestVersion));
  if (!row) throw notFound('handler');
  return row;
}

/** Returns the served source of a handler, or the entry of one of many files, for a GET by path. Throws 404. */
export const getSourceAt = verb('handler.read', async (ctx, path: string) => {
  const body = new Blob([(await findServed(ctx, path)).source]).stream();
  const filename = path.slice(path.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9._-]/g, '_');
  return { type: 'text/plain; charset=utf-8', filename, body };
});

/** Returns the files of a handler as a project has them; `withBuilt`: and what was built of many. Throws 404. */
export const getFilesAt = verb('handler.read', async (ctx, path: string, withBuilt: boolean): Promise<HandlerFiles> => {
  const { handlerId, version, source, files, artifact } = await findServed(ctx, path);
  const contents = files && (await ctx.store.handlerFiles.get(handlerId, version));
  if (!files || !contents) return { files: [{ path: `handlers/${path}`, source }], built: null };
  return {
    files: files.files.map((file) => ({ path: file.path, source: contents.texts[file.path]! })),
    built: withBuilt ? { document: files, module: moduleOf(artifact, contents.map) } : null,
  };
});

const moduleOf = ({ runtime, code }: Artifact, map: string) => (runtime === 'python' ? null : { code, map });

/** A source with what a save of it takes besides. */
interface SourceInput {
  source: string;
  note?: string | undefined;
  deploy: boolean;
}

/**
 * Saves a source at a path: as the first version of a new handler, or as the next version. A source that equals the latest version makes
 * none; without `deploy: false` it is deployed where it was not. Throws 412 for `If-Match` where no handler exists.
 */
export const putHandler = verb(
  'handler.write',
  async (ctx, path: string, input: SourceInput, ifMatch: IfMatch): Promise<DeployedHandler> => {
    const parsed = CreateHandlerInput.safeParse({ ...input, path });
    if (!parsed.success) throw invalidInput(toIssues(parsed.error));
    const { path: _path, ...version } = parsed.data;
    const handler = await ctx.store.handlers.byPath(path);
    if (!handler) {
      checkRevision(ifMatch, 0);
      return createHandler(ctx, parsed.data);
    }
    checkRevision(ifMatch, handler.revision);
    if (await isLatest(ctx, handler, version.source))
      return version.deploy ? deployVersion(ctx, handler.id, handler.latestVersion, ifMatch) : toHandler(handler);
    const { warnings } = await createVersion(ctx, handler.id, version, ifMatch);
    return { ...toHandler(await findHandler(ctx, handler.id)), warnings };
  },
);

const isLatest = async ({ store }: Context, { id, latestVersion }: HandlerRow, source: string): Promise<boolean> => {
  const latest = await store.handlers.version(id, latestVersion);
  return latest?.files === null && latest.source === source;
};
