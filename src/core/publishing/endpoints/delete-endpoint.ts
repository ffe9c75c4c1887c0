import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { findEndpoint } from './get-endpoint';

/** Deletes an endpoint. Its runs stay until their time is over; its handler and keys stay. */
export async function deleteEndpoint(ctx: Context, id: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'endpoint.write');
  const endpoint = await findEndpoint(ctx, id);
  checkRevision(ifMatch, endpoint.revision);
  const { endpoints } = ctx.store;
  const entry = auditRow(ctx, 'endpoint.delete', id, { path: endpoint.path });
  expectDone(
    await ctx.store.commit(endpoints.remove(id, endpoint.revision), entry, [endpoints.unbindKeys(id)]),
    endpoint.revision,
  );
  ctx.memory.forget();
}
