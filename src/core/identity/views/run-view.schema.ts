import * as z from 'zod';

/** Views of one user. */
export const MAX_VIEWS = 20;

export const RunView = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters'),
  query: z
    .string()
    .max(2000)
    .regex(/^[!-~]*$/, 'must be percent-encoded')
    .meta({ description: 'Filters as in the address of the console, without `?`' }),
});
export type RunView = z.infer<typeof RunView>;

export const PutRunViewsInput = z.strictObject({
  items: z
    .array(RunView)
    .max(MAX_VIEWS)
    .superRefine((items, ctx) => {
      const names = items.map(({ name }) => name);
      names.forEach((name, index) => {
        if (names.indexOf(name) !== index)
          ctx.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: 'already exists',
            params: { code: 'duplicate' },
          });
      });
    })
    .meta({ description: 'All of your views, in the order in which they are shown' }),
  follows: z.int().min(0).meta({ description: 'Revision that these replace; 0: you had none' }),
});
export type PutRunViewsInput = z.infer<typeof PutRunViewsInput>;

export const RunViews = z.object({ items: z.array(RunView), revision: z.int() });
export type RunViews = z.infer<typeof RunViews>;
