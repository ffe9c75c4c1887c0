import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { discardGraphs } from './discard-graphs';
import { findHandler } from './get-handler';

const ADVICE =
  'Link endpoints to another handler first; steps that call it are overridden by ?force=true: they fail then.';

/**
 * Deletes a handler and all its versions. 409 `in_use` while an endpoint is linked to it or attaches it, or a workflow that is served
 * calls it. `force` overrides the calls, whose steps fail from then on with `not_found`; an endpoint cannot be without its handler.
 */
export async function deleteHandler(ctx: Context, id: string, force: boolean, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  const { handlers, uses, commit } = ctx.store;
  const used = { noun: 'handler', id, path: handler.path } as const;
  const result = await commit(
    handlers.remove(id, handler.revision),
    auditRow(ctx, 'handler.delete', id, { path: handler.path, force }),
    [discardGraphs(ctx, id), handlers.removeVersions(id)],
    [uses.none(used, force)],
  );
  if (result.type === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  expectDone(result, handler.revision);
}
