import { verb } from '../../access/verb';

/** Fields of an endpoint that a filter compares and returns. */
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

/** Finds endpoints that match all of the filter, oldest first, for wires that count instead of following cursors. `limit` null: all. */
export const findEndpoints = verb(
  'endpoint.read',
  (ctx, filter: EndpointFilter, offset: number, limit: number | null): Promise<EndpointSummary[]> =>
    ctx.store.endpoints.slice(filter, offset, limit),
);
