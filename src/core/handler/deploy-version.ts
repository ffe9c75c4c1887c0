import { auditRow } from '../audit/audit-row';
import type { HandlerRow } from '../../storage/handlers';
import type { Context } from '../context';
import { notFound, type Offence } from '../errors';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from '../user/can';
import { checkInEndpoints } from '../workflow/check-in-endpoints';
import { invalidWorkflow } from '../workflow/prepare-workflow';
import { expectMayDeploy } from './expect-may-deploy';
import { findHandler } from './get-handler';
import type { Handler } from './handler.schema';
import { toHandler } from './to-handler';

/**
 * Makes a version the one that is served: a deploy, or a roll back to an earlier one. Doing it twice changes nothing. 422
 * `invalid_source` for a workflow that does not fit an endpoint that it would serve; 403 when deploying is not the actor's to do (expect-may-deploy.ts).
 */
export async function deployVersion(
  ctx: Context,
  id: string,
  version: number,
  ifMatch: IfMatch,
): Promise<Handler & { warnings?: Offence[] }> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  if (handler.defaultVersion === version) return toHandler(handler);
  await expectMayDeploy(ctx, handler.path);
  if (version > handler.latestVersion) throw notFound('version');
  const warnings = handler.language === 'workflow' ? await checkWorkflow(ctx, handler, version) : null;
  const patch = { defaultVersion: version, updatedAt: ctx.now() };
  const entry = auditRow(ctx, 'handler.deploy', id, { version: { from: handler.defaultVersion, to: version } });
  expectDone(await ctx.store.commit(ctx.store.handlers.update(id, handler.revision, patch), entry), handler.revision);
  ctx.memory.forget();
  return {
    ...toHandler({ ...handler, ...patch, revision: handler.revision + 1 }),
    ...(warnings === null ? {} : { warnings }),
  };
}

/** A workflow is checked once more in the endpoints that it will serve: they may have changed since it was saved. */
async function checkWorkflow(ctx: Context, handler: HandlerRow, version: number): Promise<Offence[]> {
  const row = await ctx.store.handlers.version(handler.id, version);
  if (!row) throw notFound('version');
  const { errors, warnings } = await checkInEndpoints(ctx, handler, row.source, version);
  if (errors.length > 0) throw invalidWorkflow(errors);
  return warnings;
}
