import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import type { Context } from '../../access/context';
import { ApiError, notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { createEndpoint } from './create-endpoint';
import type { Method } from '../../../kernel/http-methods';
import type { CreateEndpointInput, Endpoint, SavedEndpoint } from './endpoint.schema';
import { toEndpoint } from './get-endpoint';
import { updateEndpoint } from './update-endpoint';

/** The methods of which an endpoint at a path answers one; null: any. */
type Methods = readonly Method[] | null;

/** Returns the endpoint at a path that answers one of the methods, or null. Throws 400 when several do. */
export const getEndpointAtIfAny = verb(
  'endpoint.read',
  async (ctx, path: string, methods: Methods): Promise<Endpoint | null> => {
    const id = await idAt(ctx, path, methods);
    const row = id === undefined ? undefined : await ctx.store.endpoints.get(id);
    return row ? toEndpoint(row, ctx.origin) : null;
  },
);

/** Returns the endpoint at a path that answers one of the methods. Throws 404, and 400 when several do. */
export const getEndpointAt = verb('endpoint.read', async (ctx, path: string, methods: Methods): Promise<Endpoint> => {
  const found = await getEndpointAtIfAny(ctx, path, methods);
  if (!found) throw notFound('endpoint');
  return found;
});

async function idAt({ store }: Pick<Context, 'store'>, path: string, methods: Methods): Promise<string | undefined> {
  const [id, another] = await store.routes.idsAt(path, methods);
  if (another !== undefined)
    throw new ApiError(
      'invalid_parameter',
      `Several endpoints answer at ${path}. Name one by a method, as ?method=GET.`,
    );
  return id;
}

/**
 * Creates the endpoint at a path, or gives it exactly these settings: those left out get their defaults, except the executor, which stays. The
 * endpoint is the one that answers `method`; without it, the one that answers one of the methods in the settings. Writes nothing when all are as they were. Throws 412 for `If-Match` where no endpoint exists.
 */
export const putEndpoint = verb(
  'endpoint.write',
  async (
    ctx,
    path: string,
    method: Method | undefined,
    input: CreateEndpointInput,
    ifMatch: IfMatch,
  ): Promise<SavedEndpoint> => {
    if (input.path !== undefined && input.path !== path)
      throw invalidField('path', 'contradiction', 'must be the path of the URL: PATCH the endpoint to change it');
    const id = await idAt(ctx, path, method ? [method] : input.methods);
    if (id !== undefined) return updateEndpoint(ctx, id, { ...input, path }, ifMatch);
    checkRevision(ifMatch, 0);
    return createEndpoint(ctx, { ...input, path });
  },
);
