import type { EndpointRow } from '../../../storage/endpoints';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import type { Endpoint, ListEndpointsQuery } from './endpoint.schema';
import { toEndpoint } from './to-endpoint';

/** The stored endpoint, for verbs; 404 when there is none. */
export async function findEndpoint(ctx: Context, id: string): Promise<EndpointRow> {
  return (await ctx.store.endpoints.get(id)) ?? Promise.reject(notFound('endpoint'));
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
