import { fromIso, toIso } from '../../kernel/clock';
import type { RunRow, RunSummaryRow } from '../../storage/runs';
import type { Context } from '../access/context';
import { ApiError, notFound } from '../../kernel/errors';
import { readCursor, toPage, type Page } from '../../kernel/page';
import { verb } from '../access/verb';
import type { ListRunsQuery, Run, RunSummary } from './run.schema';

const toSummary = ({ callerKind, callerId, executorId, startedAt, ...row }: RunSummaryRow): RunSummary => ({
  ...row,
  startedAt: toIso(startedAt),
  caller: { kind: callerKind, id: callerId },
  executor: executorId,
});

export const toRun = ({ detail, ...row }: RunRow): Run => ({ ...toSummary(row), ...detail });

/** Returns the whole record of one call. */
export const getRun = verb('run.read', async (ctx, id: string): Promise<Run> => {
  const row = await ctx.store.runs.get(id);
  if (!row) throw notFound('run');
  return toRun(row);
});

/**
 * Returns the id of the endpoint at this path, or of `GET path`; else takes the text for an id, which may be that of a deleted endpoint.
 * Throws 400 when several endpoints answer at the path.
 */
async function endpointIdOf(ctx: Context, endpoint: string): Promise<string> {
  const [method, path] = /^[A-Z]+ /.test(endpoint) ? (endpoint.split(' ', 2) as [string, string]) : [null, endpoint];
  const [id = endpoint, another] = await ctx.store.routes.idsAt(path, method === null ? null : [method]);
  if (another === undefined) return id;
  throw new ApiError(
    'invalid_parameter',
    `Several endpoints answer at ${path}. Name one by its method, as GET ${path}, or by its id.`,
  );
}

/** Lists runs, newest first. `q` matches exactly, in all recorded text. */
export const listRuns = verb('run.read', async (ctx, query: ListRunsQuery): Promise<Page<RunSummary>> => {
  const { limit, cursor, endpoint, endpointId, since, until, caller, q, ...filter } = query;
  const rows = await ctx.store.runs.list(
    {
      ...filter,
      endpointId: endpointId ?? (endpoint === undefined ? undefined : await endpointIdOf(ctx, endpoint)),
      callerId: caller,
      text: q,
      since: fromIso(since),
      until: fromIso(until),
    },
    readCursor(cursor),
    limit + 1,
  );
  return toPage(rows, limit, ({ startedAt, id }) => ({ at: startedAt, id }), toSummary);
});
