import type { EndpointRow } from '../../../storage/endpoints';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
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

export async function getEndpoint(ctx: Context, id: string): Promise<Endpoint> {
  authorize(ctx, 'endpoint.read');
  return toEndpoint(await findEndpoint(ctx, id), ctx.origin);
}

/** Endpoints, newest first. */
export async function listEndpoints(ctx: Context, query: ListEndpointsQuery): Promise<Page<Endpoint>> {
  authorize(ctx, 'endpoint.read');
  const rows = await ctx.store.endpoints.list(query, readCursor(query.cursor), query.limit + 1);
  return toPage(
    rows,
    query.limit,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    (row) => toEndpoint(row, ctx.origin),
  );
}
