import type { Context } from '../../access/context';
import { authorize } from '../../access/permissions';

/** What a filter looks at, and all that it finds of an endpoint. */
export interface EndpointSummary {
  id: string;
  path: string;
  handlerPath: string;
  active: boolean;
}
export interface EndpointFilter {
  id?: string | undefined;
  path?: string | undefined;
  /** Path of the handler. */
  handler?: string | undefined;
  active?: boolean | undefined;
}

/** Endpoints that match all of the filter, oldest first, for wires that count instead of following cursors. `limit` null: all. */
export async function findEndpoints(
  ctx: Context,
  filter: EndpointFilter,
  offset: number,
  limit: number | null,
): Promise<EndpointSummary[]> {
  authorize(ctx, 'endpoint.read');
  return ctx.store.endpoints.slice(filter, offset, limit);
}
