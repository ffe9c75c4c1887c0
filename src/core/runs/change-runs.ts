import { notFound } from '../../kernel/errors';
import type { Context } from '../access/context';
import { verb } from '../access/verb';
import { changeEach } from '../change/each';
import type { EachResult } from '../change/each.schema';
import type { ChangeRunsInput, RunsChange } from './change-runs.schema';
import { deleteRun } from './delete-run';
import { listParts } from './get-run';
import type { ListedRuns } from './run.schema';

/** Lists that a plan asks for at most: a search for a text looks at a part of the history in each. */
const MAX_PARTS = 20;

/** Deletes the records of several runs. */
export const changeRuns = verb(
  'run.delete',
  (ctx, { change: _change, ...input }: ChangeRunsInput): Promise<EachResult<RunsChange>> =>
    changeEach<ListedRuns, RunsChange>(ctx, input, {
      idsOf: (filter, limit) => idsOf(ctx, filter, limit),
      permission: 'run.delete',
      find: async (own, id) => {
        if ((await own.runLog.get(id)) === null) throw notFound('run');
      },
      change: (own, id) => deleteRun(own, id).then(() => null),
    }),
);

async function idsOf(ctx: Context, filter: ListedRuns, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const entries of listParts(ctx, filter, limit, MAX_PARTS)) {
    ids.push(...entries.map(({ id }) => id));
    if (ids.length >= limit) break;
  }
  return ids.slice(0, limit);
}
