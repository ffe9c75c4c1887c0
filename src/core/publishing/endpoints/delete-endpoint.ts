import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { findEndpoint } from './get-endpoint';

/** Deletes an endpoint. Its runs stay until their retention ends; its handler and keys stay. */
export const deleteEndpoint = verb('endpoint.write', async (ctx, id: string, ifMatch: IfMatch): Promise<void> => {
  const endpoint = await findEndpoint(ctx, id);
  checkRevision(ifMatch, endpoint.revision);
  const { endpoints, routes, schedules, alerts } = ctx.store;
  await change(ctx, {
    action: 'endpoint.delete',
    id,
    changes: { path: endpoint.path },
    write: endpoints.remove(id, endpoint.revision),
    revision: endpoint.revision,
    also: [endpoints.unbindKeys(id), routes.remove(id), schedules.removeAll(id), alerts.remove(id)],
  });
});
