import * as z from 'zod';
import { eachInput, eachResult } from '../../change/each.schema';
import { KeyFilter } from './key.schema';

const KeysChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
  z.strictObject({
    do: z.literal('delete'),
    force: z.boolean().default(false).meta({ description: 'true: also those that endpoints accept' }),
  }),
]);
export type KeysChange = z.output<typeof KeysChange>;

export const ChangeKeysInput = eachInput(KeyFilter, KeysChange);
export type ChangeKeysInput = z.output<typeof ChangeKeysInput>;

export const ChangedKeys = eachResult(KeysChange);
