import type { EndpointRow } from '../../../storage/endpoints';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { completeRules } from './apply-rules';
import type { Endpoint, EndpointRules, ListEndpointsQuery } from './endpoint.schema';
import { toEndpoint } from './to-endpoint';

/** An endpoint's row, with all of its rules. */
export type FoundEndpoint = EndpointRow & { rules: EndpointRules };

/** Returns the stored endpoint, for verbs; 404 when there is none. */
export async function findEndpoint(ctx: Context, id: string): Promise<FoundEndpoint> {
  const row = await ctx.store.endpoints.get(id);
  if (!row) throw notFound('endpoint');
  return completeRules(row);
}

export const getEndpoint = verb('endpoint.read', async (ctx, id: string): Promise<Endpoint> =>
  toEndpoint(await findEndpoint(ctx, id), ctx.origin),
);

/** Lists endpoints, newest first. */
export const listEndpoints = verb('endpoint.read', async (ctx, query: ListEndpointsQuery): Promise<Page<Endpoint>> => {
  const rows = await ctx.store.endpoints.list(query, readCursor(query.cursor), query.limit + 1);
  return toPage(
    rows,
    query.limit,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    (row) => toEndpoint(row, ctx.origin),
  );
});
