import * as z from 'zod';

/** Objects that one request changes at most: each takes several statements. */
export const MAX_EACH = 50;

export const EachIds = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(MAX_EACH)
  .overwrite((ids) => [...new Set(ids)])
  .meta({ description: `At most ${MAX_EACH}` });

export const dryRun = z
  .boolean()
  .default(false)
  .meta({ description: 'true: changes nothing, and says of each whether it could be found and you may change it' });

/** Results by object, in the order of the request. */
export const EachResult = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      done: z
        .boolean()
        .meta({ description: 'False for a refused one, and in a dry run for one that would be refused' }),
      code: z.string().nullable().meta({ description: 'Code of the refusal' }),
      message: z.string().nullable(),
    }),
  ),
  done: z.int().meta({ description: 'Number of those that were changed; in a dry run, that would be' }),
});
export type EachResult = z.infer<typeof EachResult>;
