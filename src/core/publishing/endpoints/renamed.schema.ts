import * as z from 'zod';

const Places = {
  changes: z.array(z.object({ pointer: z.string(), before: z.string(), after: z.string() })),
  unsure: z
    .array(z.object({ pointer: z.string(), message: z.string() }))
    .meta({ description: 'Uses that show only at run time or read what callers send: review them' }),
};

/** Effects of renaming one parameter. */
export const Renamed = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  versions: z.array(z.object({ handler: z.string(), from: z.int(), version: z.int().nullable(), ...Places })).meta({
    description:
      'New versions: `from` rewritten as `version`, not deployed. `version` is null where there is nothing to rewrite, only to review',
  }),
  middleware: z.array(z.object({ index: z.int(), handler: z.string(), ...Places })).meta({
    description:
      'Rewritten values for middleware, in force at once; `unsure` also has places in its source that read what callers send',
  }),
  notes: z.array(z.string()),
});
export type Renamed = z.infer<typeof Renamed>;
