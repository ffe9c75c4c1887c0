import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { discardGraphs } from './discard-graphs';
import { findHandler } from './get-handler';

/**
 * Deletes a version of a handler, with its source; its number is not given again. 409 `in_use` for the default version and for one that
 * an endpoint pins.
 */
export async function deleteVersion(ctx: Context, id: string, version: number, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  const { handlers, uses, commit } = ctx.store;
  if (!(await handlers.hasVersion(id, version))) throw notFound('version');
  const used = { noun: 'version', id, version } as const;
  const result = await commit(
    handlers.update(id, handler.revision, { updatedAt: ctx.now() }),
    auditRow(ctx, 'handler.delete-version', id, { version }),
    [discardGraphs(ctx, id, version), handlers.removeVersion(id, version)],
    [uses.none(used, false)],
  );
  if (result.type === 'unmet')
    throw await inUse(ctx, used, false, 'Deploy another version, or pin another one, first.');
  expectDone(result, handler.revision);
}
