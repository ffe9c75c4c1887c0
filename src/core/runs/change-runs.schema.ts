import * as z from 'zod';
import { checkIdsOrFilter, dryRun, EachIds, eachResult, planFilter } from '../change/each.schema';
import { ListedRuns } from './run.schema';

const RunsChange = z.strictObject({ do: z.literal('delete') });
export type RunsChange = z.output<typeof RunsChange>;

export const ChangeRunsInput = z
  .strictObject({ ids: EachIds.optional(), filter: planFilter(ListedRuns), change: RunsChange, dryRun })
  .superRefine(checkIdsOrFilter);
export type ChangeRunsInput = z.output<typeof ChangeRunsInput>;

export const ChangedRuns = eachResult(RunsChange);
