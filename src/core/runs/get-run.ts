import { fromIso, toIso } from '../../kernel/clock';
import { notFound } from '../../kernel/errors';
import { readCursor } from '../../kernel/page';
import { verb } from '../access/verb';
import { endpointFilter } from './endpoint-filter';
import { mapRun } from './map-run';
import type { RunEntry, RunRecord } from './run-log';
import type { ListRunsQuery, Run, RunPage, RunSummary } from './run.schema';

export const toSummary = ({ callerKind, callerId, executorId, startedAt, ...entry }: RunEntry): RunSummary => ({
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
  return mapRun(ctx, toRun(record));
});

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
