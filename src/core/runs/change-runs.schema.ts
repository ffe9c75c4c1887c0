import * as z from 'zod';
import { eachInput, eachResult } from '../change/each.schema';
import { ListedRuns } from './run.schema';

const RunsChange = z.strictObject({ do: z.literal('delete') });
export type RunsChange = z.output<typeof RunsChange>;

export const ChangeRunsInput = eachInput(ListedRuns, RunsChange);
export type ChangeRunsInput = z.output<typeof ChangeRunsInput>;

export const ChangedRuns = eachResult(RunsChange);
