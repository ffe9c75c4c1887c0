import { verb } from '../../access/verb';
import { changeEach } from '../../change/each';
import type { EachResult } from '../../change/each.schema';
import type { EndpointRow } from '../../../storage/endpoints';
import type { ChangeEndpointsInput, EndpointsChange } from './change-endpoints.schema';
import { deleteEndpoint } from './delete-endpoint';
import { findEndpoint } from './get-endpoint';
import { updateEndpoint } from './update-endpoint';

/** Permission of a change: operators may switch. */
const permissionOf = ({ do: what }: EndpointsChange) => (what === 'switch' ? 'endpoint.operate' : 'endpoint.write');

/** Switches, moves or deletes several endpoints. Each needs the rights of its change. */
export const changeEndpoints = verb(
  'endpoint.operate',
  (ctx, { change, ...input }: ChangeEndpointsInput): Promise<EachResult<EndpointsChange>> =>
    changeEach<ChangeEndpointsInput['filter'] & object, EndpointsChange>(ctx, input, {
      idsOf: ctx.store.endpoints.idsOf,
      permission: permissionOf(change),
      find: findEndpoint,
      change: async (own, id) => {
        if (change.do === 'delete') return deleteEndpoint(own, id, null).then(() => null);
        const before = await findEndpoint(own, id);
        const { do: _do, ...fields } = change;
        await updateEndpoint(own, id, fields, null);
        return undoOf(change, before);
      },
    }),
);

function undoOf(change: Exclude<EndpointsChange, { do: 'delete' }>, before: EndpointRow): EndpointsChange | null {
  if (change.do === 'switch') return before.active === change.active ? null : { ...change, active: before.active };
  return before.folder === change.folder ? null : { ...change, folder: before.folder };
}
