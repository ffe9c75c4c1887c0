import { authorize } from '../../access/permissions';
import { invalidField } from '../../../kernel/issues';
import { verb, type Authorized } from '../../access/verb';
import { eachOf } from '../../change/each';
import type { EachResult } from '../../change/each.schema';
import { MAX_PLANNED, type ChangeEndpointsInput } from './change-endpoints.schema';
import { deleteEndpoint } from './delete-endpoint';
import type { ListFilter } from './endpoint.schema';
import { findEndpoint } from './get-endpoint';
import { updateEndpoint } from './update-endpoint';

/** Permission of a change: operators may switch. */
const permissionOf = ({ do: what }: ChangeEndpointsInput['change']) =>
  what === 'switch' ? 'endpoint.operate' : 'endpoint.write';

/**
 * Switches, moves or deletes several endpoints, one after the other. Each needs the rights of its change: operators may switch. A dry run
 * finds each and checks these rights; that of a filter is the plan of all that match. Throws 422 `too_many` for more than MAX_PLANNED.
 */
export const changeEndpoints = verb(
  'endpoint.operate',
  async (ctx, { ids, filter, change, dryRun }: ChangeEndpointsInput): Promise<EachResult> => {
    if (filter !== undefined) return planOf(ctx, filter, change);
    return eachOf(ctx, ids!, async (own, id) => {
      if (dryRun) {
        authorize(own, permissionOf(change));
        return findEndpoint(own, id);
      }
      if (change.do === 'delete') return deleteEndpoint(own, id, null);
      const { do: _do, ...fields } = change;
      return updateEndpoint(own, id, fields, null);
    });
  },
);

async function planOf(
  ctx: Authorized,
  filter: ListFilter,
  change: ChangeEndpointsInput['change'],
): Promise<EachResult> {
  const ids = await ctx.store.endpoints.idsOf(filter, MAX_PLANNED + 1);
  if (ids.length > MAX_PLANNED)
    throw invalidField('filter', 'too_many', `more than ${MAX_PLANNED} endpoints match: filter for fewer`);
  return eachOf(ctx, ids, async (own) => authorize(own, permissionOf(change)));
}
