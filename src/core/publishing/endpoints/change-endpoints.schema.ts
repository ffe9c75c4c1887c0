import * as z from 'zod';
import { dryRun, EachIds } from '../../change/each.schema';
import { UpdateEndpointInput } from './endpoint.schema';

export const ChangeEndpointsInput = z.strictObject({
  ids: EachIds,
  change: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
    z.strictObject({ do: z.literal('move'), folder: UpdateEndpointInput.shape.folder.unwrap() }),
    z.strictObject({ do: z.literal('delete') }),
  ]),
  dryRun,
});
export type ChangeEndpointsInput = z.output<typeof ChangeEndpointsInput>;
