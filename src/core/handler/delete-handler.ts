import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { Fault } from '../errors';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from '../user/can';
import { findHandler } from './get-handler';

/** Deletes a handler and all its versions. 409 `handler_in_use` while an endpoint is linked to it. */
export async function deleteHandler(ctx: Context, id: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  const { handlers } = ctx.store;
  const result = await ctx.store.commit(
    handlers.remove(id, handler.revision),
    auditRow(ctx, 'handler.delete', id, { path: handler.path }),
    [handlers.removeVersions(id)],
  );
  if (result.type === 'stale') {
    const paths = await handlers.endpointPaths(id);
    if (paths.length > 0)
      throw new Fault(
        'handler_in_use',
        `Endpoints are linked to this handler: ${paths.join(', ')}. Link them to another first.`,
      );
  }
  expectDone(result, handler.revision);
}
