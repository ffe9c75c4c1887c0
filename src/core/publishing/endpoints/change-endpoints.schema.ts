import * as z from 'zod';
import { dryRun, EachIds } from '../../change/each.schema';
import { ListFilter, UpdateEndpointInput } from './endpoint.schema';

/** Endpoints that a plan by filter has at most. */
export const MAX_PLANNED = 1000;

export const ChangeEndpointsInput = z
  .strictObject({
    ids: EachIds.optional(),
    filter: ListFilter.optional().meta({
      description: `Instead of ids, in a dry run: all that a list with these filters has, at most ${MAX_PLANNED}. The result is the plan: send its ids to carry it out`,
    }),
    change: z.discriminatedUnion('do', [
      z.strictObject({ do: z.literal('switch'), active: z.boolean() }),
      z.strictObject({ do: z.literal('move'), folder: UpdateEndpointInput.shape.folder.unwrap() }),
      z.strictObject({ do: z.literal('delete') }),
    ]),
    dryRun,
  })
  .superRefine(({ ids, filter, dryRun: isDry }, { addIssue }) => {
    const refuse = (field: string, message: string): void => addIssue({ code: 'custom', path: [field], message });
    if ((ids === undefined) === (filter === undefined)) refuse('ids', 'either ids or filter is required');
    else if (filter !== undefined && !isDry)
      refuse('filter', 'must be sent with dryRun; then send the ids of its result');
  });
export type ChangeEndpointsInput = z.output<typeof ChangeEndpointsInput>;
