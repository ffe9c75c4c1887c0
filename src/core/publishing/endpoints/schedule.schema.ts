import * as z from 'zod';
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
    overlap: z
      .enum(['skip', 'allow'])
      .meta({ description: 'What happens while the run before has not ended' })
      .default('skip'),
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
  next: z.array(z.iso.datetime()).meta({ description: 'The next five times' }),
  lastAt: z.iso.datetime().nullable().meta({ description: 'Time for which the last run was due' }),
  lastRunId: z.string().nullable(),
});
export type ScheduleState = z.infer<typeof ScheduleState>;
