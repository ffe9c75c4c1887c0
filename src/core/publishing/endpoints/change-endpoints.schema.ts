import * as z from 'zod';
import { eachInput, eachResult } from '../../change/each.schema';
import { UpdateEndpointInput } from './endpoint.schema';
import { ListFilter } from './list-endpoints.schema';

const EndpointsChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
  z.strictObject({ do: z.literal('move'), folder: UpdateEndpointInput.shape.folder.unwrap() }),
  z.strictObject({ do: z.literal('delete') }),
]);
export type EndpointsChange = z.output<typeof EndpointsChange>;

export const ChangeEndpointsInput = eachInput(ListFilter, EndpointsChange);
export type ChangeEndpointsInput = z.output<typeof ChangeEndpointsInput>;

export const ChangedEndpoints = eachResult(EndpointsChange);
