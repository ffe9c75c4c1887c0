import * as z from 'zod';
import { dryRun, EachIds } from '../../change/each.schema';

export const ChangeKeysInput = z.strictObject({
  ids: EachIds,
  change: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
    z.strictObject({
      do: z.literal('delete'),
      force: z.boolean().default(false).meta({ description: 'true: also those that endpoints accept' }),
    }),
  ]),
  dryRun,
});
export type ChangeKeysInput = z.output<typeof ChangeKeysInput>;
