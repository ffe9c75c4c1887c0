import * as z from 'zod';
import { checkIdsOrFilter, dryRun, EachIds, eachResult, planFilter } from '../../change/each.schema';
import { KeyFilter } from './key.schema';

const KeysChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
  z.strictObject({
    do: z.literal('delete'),
    force: z.boolean().default(false).meta({ description: 'true: also those that endpoints accept' }),
  }),
]);
export type KeysChange = z.output<typeof KeysChange>;

export const ChangeKeysInput = z
  .strictObject({ ids: EachIds.optional(), filter: planFilter(KeyFilter), change: KeysChange, dryRun })
  .superRefine(checkIdsOrFilter);
export type ChangeKeysInput = z.output<typeof ChangeKeysInput>;

export const ChangedKeys = eachResult(KeysChange);
