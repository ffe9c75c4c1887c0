import { authorize } from '../../access/permissions';
import { verb } from '../../access/verb';
import { eachOf } from '../../change/each';
import type { EachResult } from '../../change/each.schema';
import type { ChangeEndpointsInput } from './change-endpoints.schema';
import { deleteEndpoint } from './delete-endpoint';
import { findEndpoint } from './get-endpoint';
import { updateEndpoint } from './update-endpoint';

/**
 * Switches, moves or deletes several endpoints, one after the other. Each needs the rights of its change: operators may switch. A dry run
 * finds each and checks these rights.
 */
export const changeEndpoints = verb(
  'endpoint.operate',
  async (ctx, { ids, change, dryRun }: ChangeEndpointsInput): Promise<EachResult> =>
    eachOf(ctx, ids, async (own, id) => {
      if (dryRun) {
        authorize(own, change.do === 'switch' ? 'endpoint.operate' : 'endpoint.write');
        return findEndpoint(own, id);
      }
      if (change.do === 'delete') return deleteEndpoint(own, id, null);
      const { do: _do, ...fields } = change;
      return updateEndpoint(own, id, fields, null);
    }),
);
