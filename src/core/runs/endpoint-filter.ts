import { ApiError, notFound } from '../../kernel/errors';
import type { Context } from '../access/context';
import type { RunFilter } from './run-log';
import type { TailRunsQuery } from './run.schema';

/** Ids as Portico makes them, and those of graphs. */
const ID = /^(ep_[0-9A-Za-z]{20}|[0-9a-f]{24})$/;

/**
 * Returns the filter for an endpoint by its id, its path or `GET path`. A path at which no endpoint answers any more is compared with the
 * paths of the runs. Throws 400 when several endpoints answer at the path.
 */
async function endpointFilter(ctx: Context, endpoint: string): Promise<RunFilter> {
  if (ID.test(endpoint)) return { endpointId: endpoint };
  const [method, path] = /^[A-Z]+ /.test(endpoint) ? (endpoint.split(' ', 2) as [string, string]) : [null, endpoint];
  const [id, another] = await ctx.store.routes.idsAt(path, method === null ? null : [method]);
  if (id === undefined) return { endpointPath: path };
  if (another === undefined) return { endpointId: id };
  throw new ApiError(
    'invalid_parameter',
    `Several endpoints answer at ${path}. Name one by its method, as GET ${path}, or by its id.`,
  );
}

/** Returns the conditions that an entry of the history shows, as the run log compares them. */
export async function toConditions(ctx: Context, wanted: TailRunsQuery): Promise<RunFilter> {
  const { endpoint, endpointId, caller, outcome, step, error, ...filter } = wanted;
  return {
    ...filter,
    ...(endpoint === undefined ? { endpointId } : await endpointFilter(ctx, endpoint)),
    outcomes: outcome,
    failedStep: step,
    errorCode: error,
    callerId: caller,
  };
}

/** Returns the id of an endpoint by its id, its path or `GET path`. Throws 404 when none answers there, 400 when several do. */
export async function endpointIdAt(ctx: Context, endpoint: string): Promise<string> {
  const { endpointId } = await endpointFilter(ctx, endpoint);
  if (endpointId === undefined) throw notFound('endpoint');
  return endpointId;
}
