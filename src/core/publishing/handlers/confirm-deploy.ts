import { actorLabel } from '../../access/permissions';
import { authSecret } from '../../access/settings';
import { verb } from '../../access/verb';
import { ApiError, notFound } from '../../../kernel/errors';
import { isSameSecret, keyedHash } from '../../../kernel/signed';
import { endpointsAround } from '../endpoints/endpoints-around';
import { deployVersion } from './deploy-version';
import type { DeployedHandler } from './handler.schema';

/** Changes of a deploy. `confirm` confirms exactly this: the version, and the handler as it is now. */
interface WantedDeploy {
  path: string;
  version: number;
  servedVersion: number | null;
  endpoints: string[];
  /** True where the version would run in more endpoints than are listed. */
  moreEndpoints: boolean;
  confirm: string;
}

/**
 * Deploys a version in two steps, for programs whose user must agree: without `confirm` it changes nothing and returns what would change; with the
 * `confirm` of that answer it deploys. Throws 412 when the handler has changed in between, or the code is for something else.
 */
export const confirmDeploy = verb(
  'handler.write',
  async (ctx, path: string, version: number, confirm?: string): Promise<WantedDeploy | DeployedHandler> => {
    const handler = await ctx.store.handlers.byPath(path);
    if (!handler) throw notFound('handler');
    if (!(await ctx.store.handlers.hasVersion(handler.id, version))) throw notFound('version');
    const wanted = JSON.stringify([handler.id, version, handler.revision, actorLabel(ctx.actor)]);
    const code = keyedHash(authSecret(ctx.settings), 'confirm deploy', wanted).slice(0, 16);
    if (confirm === undefined) {
      const { linked, attaching, more } = await endpointsAround(ctx, path);
      const endpoints = [...linked, ...attaching].map((endpoint) => endpoint.path);
      return { path, version, servedVersion: handler.defaultVersion, endpoints, moreEndpoints: more, confirm: code };
    }
    if (!isSameSecret(confirm, code))
      throw new ApiError(
        'stale_revision',
        'This code confirms no deploy of the handler as it is now. Ask without `confirm` again.',
      );
    return deployVersion(ctx, handler.id, version, handler.revision);
  },
);
