import { fromIso, toIso } from '../../kernel/clock';
import { notFound } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import { readCursor, type Position } from '../../kernel/page';
import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { toConditions } from './endpoint-filter';
import { mapRun } from './map-run';
import type { RunEntry, RunFilter, RunRecord } from './run-log';
import type { ListedRuns, ListRunsQuery, Run, RunPage, RunSummary } from './run.schema';

export const toSummary = ({ callerKind, callerId, executorId, startedAt, ...entry }: RunEntry): RunSummary => ({
  ...entry,
  startedAt: toIso(startedAt),
  caller: { kind: callerKind, id: callerId },
  executor: executorId,
});

export const toRun = ({ detail, ...entry }: RunRecord): Run => ({ ...toSummary(entry), ...detail });

/** Returns runs with the present names of their callers and executors. One read of the database. */
async function withNames<R extends RunSummary>({ store }: Context, runs: readonly R[]): Promise<R[]> {
  const names = await store.callerNames([...new Set(runs.flatMap(idsOf))]);
  return runs.map((run) => named(run, (id) => names.get(id)));
}

/** Returns the ids that a run names: of its caller and of its executor. */
export const idsOf = ({ caller, executor }: RunSummary): string[] => [caller.id ?? executor, executor];

/** Returns a run with the names that are found. */
export function named<R extends RunSummary>(run: R, nameOf: (id: string) => string | undefined): R {
  const name = run.caller.id === null ? undefined : nameOf(run.caller.id);
  const executorName = nameOf(run.executor);
  return {
    ...run,
    caller: { ...run.caller, ...(name !== undefined && { name }) },
    ...(executorName !== undefined && { executorName }),
  };
}

/** Returns the whole record of one call. */
export const getRun = verb('run.read', async (ctx, id: string): Promise<Run> => {
  const record = await ctx.runLog.get(id);
  if (!record) throw notFound('run');
  const [run] = await withNames(ctx, [toRun(record)]);
  return mapRun(ctx, run!);
});

/** Returns what the run log compares. */
export async function toRunFilter(ctx: Context, wanted: ListedRuns): Promise<RunFilter> {
  const { since, until, q, ...conditions } = wanted;
  return { ...(await toConditions(ctx, conditions)), text: q, since: fromIso(since), until: fromIso(until) };
}

/**
 * Yields the runs that match, newest first, a part at a time. Throws 422 `too_many` when `parts` lists have not reached the end of the
 * history.
 */
export async function* listParts(
  ctx: Context,
  wanted: ListedRuns,
  rows: number,
  parts: number,
): AsyncGenerator<RunEntry[], void, void> {
  const filter = await toRunFilter(ctx, wanted);
  let position: Position | null = null;
  for (let part = 0; part < parts; part++) {
    const { entries, next } = await ctx.runLog.list(filter, position, rows);
    yield entries;
    if (next === null) return;
    position = next;
  }
  // A last part that is full has a place to continue also where nothing follows.
  const rest = await ctx.runLog.list(filter, position, 1);
  if (rest.entries.length === 0 && rest.next === null) return;
  throw invalidField('filter', 'too_many', 'has too many runs to look at in one request: filter for a shorter time');
}

/** Lists runs, newest first. `q` is found in all recorded values, in any case. */
export const listRuns = verb('run.read', async (ctx, query: ListRunsQuery): Promise<RunPage> => {
  const { limit, cursor, ...wanted } = query;
  const { entries, next } = await ctx.runLog.list(await toRunFilter(ctx, wanted), readCursor(cursor), limit + 1);
  // An entry more than the page has only shows that there is a next page.
  const shown = entries.slice(0, limit);
  const last = shown.at(-1);
  const end = entries.length > limit && last ? { at: last.startedAt, id: last.id } : next;
  return {
    items: await withNames(ctx, shown.map(toSummary)),
    nextCursor: end && `${end.at}.${end.id}`,
    searchedTo: end && toIso(end.at),
  };
});
