import { ApiError } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import type { Context } from '../access/context';
import { authorize } from '../access/permissions';
import type { Permission } from '../access/permitted.rules';
import { MAX_PLANNED, type EachResult } from './each.schema';

/** Functions with which a noun changes several of its objects. */
interface Each<Filter, Change> {
  /** Returns the ids that a list with this filter has, in its order, at most `limit`. */
  idsOf: (filter: Filter, limit: number) => Promise<string[]>;
  /** Permission of the change, which a dry run checks for each. */
  permission: Permission;
  /** Throws 404 when there is no such object. */
  find: (ctx: Context, id: string) => Promise<unknown>;
  /** Makes the change. Returns the one that takes it back; null when nothing changed, or nothing can. */
  change: (ctx: Context, id: string) => Promise<Change | null>;
}

interface EachInput<Filter> {
  ids?: string[] | undefined;
  filter?: Filter | undefined;
  dryRun: boolean;
}

/**
 * Changes objects one after the other, and returns what became of each. Each is a change of its own: a refused one does not stop the others.
 * A dry run finds each and checks the rights; that of a filter is the plan of all that match. Throws 422 `too_many` when more than
 * MAX_PLANNED do. Failures that are no refusals reject.
 */
export async function changeEach<Filter, Change>(
  ctx: Context,
  { ids, filter, dryRun }: EachInput<Filter>,
  each: Each<Filter, Change>,
): Promise<EachResult<Change>> {
  const planned = filter === undefined ? null : await plannedIds(filter, each);
  return eachOf<Change>(ctx, planned ?? ids!, async (own, id) => {
    if (!dryRun) return each.change(own, id);
    authorize(own, each.permission);
    if (planned === null) await each.find(own, id);
    return null;
  });
}

async function plannedIds<Filter, Change>(filter: Filter, { idsOf }: Each<Filter, Change>): Promise<string[]> {
  const ids = await idsOf(filter, MAX_PLANNED + 1);
  if (ids.length > MAX_PLANNED)
    throw invalidField('filter', 'too_many', `more than ${MAX_PLANNED} match: filter for fewer`);
  return ids;
}

async function eachOf<Change>(
  ctx: Context,
  ids: readonly string[],
  act: (ctx: Context, id: string) => Promise<Change | null>,
): Promise<EachResult<Change>> {
  // The response to the whole request is no response of one of its changes.
  const own: Context = { ...ctx, firstAnswer: null };
  const items: EachResult<Change>['items'] = [];
  for (const id of ids) items.push({ id, ...(await outcomeOf(act(own, id))) });
  return { items, done: items.filter(({ done }) => done).length };
}

const outcomeOf = <Change>(act: Promise<Change | null>): Promise<Omit<EachResult<Change>['items'][number], 'id'>> =>
  act.then(
    (undo) => ({ done: true, code: null, message: null, undo }),
    (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      return { done: false, code: error.code, message: error.message, undo: null };
    },
  );
