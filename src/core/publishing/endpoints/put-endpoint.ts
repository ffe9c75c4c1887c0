import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { notFound } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { createEndpoint } from './create-endpoint';
import type { CreateEndpointInput, Endpoint, SavedEndpoint } from './endpoint.schema';
import { toEndpoint } from './get-endpoint';
import { updateEndpoint } from './update-endpoint';

/** Returns the endpoint at a path, or null. */
export const getEndpointAtIfAny = verb('endpoint.read', async (ctx, path: string): Promise<Endpoint | null> => {
  const row = await ctx.store.endpoints.byPath(path);
  return row ? toEndpoint(row, ctx.origin) : null;
});

/** Returns the endpoint at a path. Throws 404. */
export const getEndpointAt = verb('endpoint.read', async (ctx, path: string): Promise<Endpoint> => {
  const found = await getEndpointAtIfAny(ctx, path);
  if (!found) throw notFound('endpoint');
  return found;
});

/**
 * Creates the endpoint at a path, or gives it exactly these settings: those left out get their defaults, except the executor, which stays.
 * Writes nothing when all are as they were. Throws 412 for `If-Match` where no endpoint exists.
 */
export const putEndpoint = verb(
  'endpoint.write',
  async (ctx, path: string, input: CreateEndpointInput, ifMatch: IfMatch): Promise<SavedEndpoint> => {
    if (input.path !== undefined && input.path !== path)
      throw invalidField('path', 'contradiction', 'must be the path of the URL: PATCH the endpoint to change it');
    const row = await ctx.store.endpoints.byPath(path);
    if (row) return updateEndpoint(ctx, row.id, { ...input, path }, ifMatch);
    checkRevision(ifMatch, 0);
    return createEndpoint(ctx, { ...input, path });
  },
);
