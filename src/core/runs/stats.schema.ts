import * as z from 'zod';
import { RUN_KINDS, RUN_OUTCOMES } from './run.schema';

/** Milliseconds of a step. */
export const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
/** Steps in one answer. */
export const MAX_STATS_STEPS = 1500;

export const RunStatsInput = z.strictObject({
  since: z.iso.datetime({ offset: true }).meta({ description: 'Start; rounded down to a whole step' }),
  until: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'End, rounded up to a whole step. Default: now' }),
  step: z.enum(['minute', 'hour', 'day']).default('hour').meta({ description: 'Minutes exist as long as the runs' }),
  by: z.enum(['endpoint', 'key']).optional().meta({ description: 'An item for each endpoint or key' }),
  endpoint: z.string().max(300).optional().meta({ description: 'Path or id of an endpoint' }),
  key: z.string().max(64).optional().meta({ description: 'Id of an API key' }),
  kind: z.enum(RUN_KINDS).optional(),
});
export type RunStatsInput = z.infer<typeof RunStatsInput>;

const Ms = z.number().nullable();
const figures = {
  calls: z.int(),
  outcomes: z
    .partialRecord(z.enum(RUN_OUTCOMES), z.int())
    .meta({ description: 'Calls by outcome; an outcome without calls is absent' }),
  p50Ms: Ms.meta({ description: 'Durations of calls that were not refused, to within 10 %; null without such calls' }),
  p95Ms: Ms,
  p99Ms: Ms,
};

export const RunStats = z.object({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  items: z.array(
    z.object({
      group: z.string().meta({
        description:
          'Id of the endpoint or key; empty for callers without a key, for the endpoints with the fewest calls of a busy day whose runs are deleted, and without `by`',
      }),
      ...figures,
      steps: z
        .array(z.object({ at: z.iso.datetime(), ...figures }))
        .meta({ description: 'Steps with calls, oldest first' }),
    }),
  ),
});
export type RunStats = z.infer<typeof RunStats>;
