import * as z from 'zod';

/** Objects that one request changes at most: each takes several statements. */
export const MAX_EACH = 50;
/** Objects that a plan by filter has at most. */
export const MAX_PLANNED = 1000;

const EachIds = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(MAX_EACH)
  .overwrite((ids) => [...new Set(ids)])
  .meta({ description: `At most ${MAX_EACH}` });

const dryRun = z
  .boolean()
  .default(false)
  .meta({ description: 'true: changes nothing, and says of each whether it could be found and you may change it' });

/** One change of many objects: of those with these ids, or in a plan of all that a list with these filters has. */
export const eachInput = <Filter extends z.ZodType, Change extends z.ZodType>(filter: Filter, change: Change) =>
  z
    .strictObject({
      ids: EachIds.optional(),
      filter: filter.optional().meta({
        description: `Instead of ids, in a dry run: all that a list with these filters has, at most ${MAX_PLANNED}. The result is the plan: send its ids to carry it out`,
      }),
      change,
      dryRun,
    })
    .superRefine(checkIdsOrFilter);

interface Wanted {
  ids?: string[] | undefined;
  filter?: unknown;
  dryRun: boolean;
}

/** Refuses input with both or none of `ids` and `filter`, and a filter without `dryRun`. */
function checkIdsOrFilter({ ids, filter, dryRun: isDry }: Wanted, { addIssue }: z.RefinementCtx): void {
  const refuse = (field: string, message: string): void => addIssue({ code: 'custom', path: [field], message });
  if ((ids === undefined) === (filter === undefined)) refuse('ids', 'either ids or filter is required');
  else if (filter !== undefined && !isDry)
    refuse('filter', 'must be sent with dryRun; then send the ids of its result');
}

/** Results by object, in the order of the request, or of the list in a plan by filter. */
export const eachResult = <Change extends z.ZodType>(change: Change) =>
  z.object({
    items: z.array(
      z.object({
        id: z.string(),
        done: z
          .boolean()
          .meta({ description: 'False for a refused one, and in a dry run for one that would be refused' }),
        code: z.string().nullable().meta({ description: 'Code of the refusal' }),
        message: z.string().nullable(),
        undo: change
          .nullable()
          .meta({ description: 'The `change` that takes this one back; null when nothing changed, or nothing can' }),
      }),
    ),
    done: z.int().meta({ description: 'Number of those that were changed; in a dry run, that would be' }),
  });

export interface EachResult<Change> {
  items: { id: string; done: boolean; code: string | null; message: string | null; undo: Change | null }[];
  done: number;
}
