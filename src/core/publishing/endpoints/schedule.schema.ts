import * as z from 'zod';
import { PageQuery } from '../../../kernel/page';
import { cronIssue, isZone } from './schedule.rules';

/** When an endpoint runs by itself, and with which parameters. */
export const Schedule = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 of a-z 0-9 _ -, a letter or digit first'),
    cron: z
      .string()
      .max(200)
      .meta({ description: 'Minute, hour, day of the month, month, day of the week; or @daily' }),
    zone: z
      .string()
      .max(64)
      .refine(isZone, 'must be a time zone such as Europe/Berlin')
      .meta({ description: 'Time zone of the times in `cron`' })
      .default('UTC'),
    parameters: z.record(z.string().max(64), z.json()).default({}),
    paused: z.boolean().optional().meta({ description: 'true: it runs on request only' }),
    overlap: z
      .enum(['skip', 'queue', 'allow'])
      .meta({ description: 'What happens while the run before has not ended; queue: one run waits for its end' })
      .default('skip'),
    retry: z
      .strictObject({
        times: z
          .int()
          .min(0)
          .max(5)
          .meta({ description: 'Runs after a failed one: 1, 5, 15, 60 and 240 minutes later' }),
      })
      .optional(),
  })
  .superRefine(({ cron, zone }, ctx) => {
    const message = isZone(zone) ? cronIssue(cron, zone) : null;
    if (message !== null) ctx.addIssue({ code: 'custom', path: ['cron'], message, params: { code: 'invalid_cron' } });
  });
export type Schedule = z.output<typeof Schedule>;

/** A schedule with its times. */
export const ScheduleState = z.object({
  name: z.string(),
  cron: z.string(),
  zone: z.string(),
  overlap: z.string(),
  paused: z.boolean(),
  next: z.array(z.iso.datetime()).meta({ description: 'The next five times' }),
  lastAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'Time for which the last run was due, or of the request that began it' }),
  lastCause: z.enum(['time', 'request']).nullable().meta({ description: 'What began the last run' }),
  lastRunId: z.string().nullable(),
  lastStatus: z.int().nullable().meta({ description: 'Status that the last run answered with' }),
  waiting: z
    .object({
      at: z.iso.datetime().meta({ description: 'Time from which it may begin' }),
      due: z.iso.datetime(),
      attempt: z.int().meta({ description: '2 and more: a retry' }),
    })
    .nullable()
    .meta({ description: 'The run that waits for the end of the one before, or to be tried again' }),
});
export type ScheduleState = z.infer<typeof ScheduleState>;

/** A schedule in the list of all endpoints. */
export const ListedSchedule = ScheduleState.extend({
  endpoint: z.object({ id: z.string(), path: z.string(), active: z.boolean() }),
});
export type ListedSchedule = z.infer<typeof ListedSchedule>;

export const ListSchedulesQuery = PageQuery;
export type ListSchedulesQuery = z.infer<typeof ListSchedulesQuery>;
