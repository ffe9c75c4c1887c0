import { fromIso, toIso } from '../../kernel/clock';
import type { RunRow, RunSummaryRow } from '../../storage/runs';
import type { Context } from '../access/context';
import { notFound } from '../../kernel/errors';
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

/** Returns the id of the endpoint with this path; else takes the text for an id, which may be that of a deleted endpoint. */
const endpointIdOf = async (ctx: Context, endpoint: string): Promise<string> =>
  (await ctx.store.endpoints.byPath(endpoint))?.id ?? endpoint;

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
