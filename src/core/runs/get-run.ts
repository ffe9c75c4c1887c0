import { fromIso, toIso } from '../../kernel/clock';
import type { Context } from '../access/context';
import { ApiError, notFound } from '../../kernel/errors';
import { readCursor } from '../../kernel/page';
import { verb } from '../access/verb';
import type { RunEntry, RunFilter, RunRecord } from './run-log';
import type { ListRunsQuery, Run, RunPage, RunSummary } from './run.schema';

const toSummary = ({ callerKind, callerId, executorId, startedAt, ...entry }: RunEntry): RunSummary => ({
  ...entry,
  startedAt: toIso(startedAt),
  caller: { kind: callerKind, id: callerId },
  executor: executorId,
});

export const toRun = ({ detail, ...entry }: RunRecord): Run => ({ ...toSummary(entry), ...detail });

/** Returns the whole record of one call. */
export const getRun = verb('run.read', async (ctx, id: string): Promise<Run> => {
  const record = await ctx.runLog.get(id);
  if (!record) throw notFound('run');
  return toRun(record);
});

/** Ids as Portico and PLynx make them. */
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

/** Lists runs, newest first. `q` is found in all recorded values, in any case. */
export const listRuns = verb('run.read', async (ctx, query: ListRunsQuery): Promise<RunPage> => {
  const { limit, cursor, endpoint, endpointId, since, until, caller, q, outcome, step, error, ...filter } = query;
  const { entries, next } = await ctx.runLog.list(
    {
      ...filter,
      ...(endpoint === undefined ? { endpointId } : await endpointFilter(ctx, endpoint)),
      outcomes: outcome,
      failedStep: step,
      errorCode: error,
      callerId: caller,
      text: q,
      since: fromIso(since),
      until: fromIso(until),
    },
    readCursor(cursor),
    limit + 1,
  );
  // An entry more than the page has only shows that there is a next page.
  const shown = entries.slice(0, limit);
  const last = shown.at(-1);
  const end = entries.length > limit && last ? { at: last.startedAt, id: last.id } : next;
  return {
    items: shown.map(toSummary),
    nextCursor: end && `${end.at}.${end.id}`,
    searchedTo: end && toIso(end.at),
  };
});
