import { change } from '../../change/change';
import type { HandlerRow } from '../../../storage/handlers';
import type { Context } from '../../access/context';
import { limitIssues, notFound, type Issue } from '../../../kernel/errors';
import { endpointsAround, type EndpointsAround } from '../endpoints/endpoints-around';
import { unlistedAround } from '../endpoints/unlisted.rules';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { checkInEndpoints } from '../workflows/check-in-endpoints';
import { invalidWorkflow } from '../../workflow/compile/prepare-workflow';
import { absenceOf, absentOf, warnAt } from '../../uses/absent';
import { assertMayDeploy } from './assert-may-deploy';
import { findHandler, toHandler } from './get-handler';
import type { Handler } from './handler.schema';
import { fromMentions } from '../../code/mention.rules';

/**
 * Makes a version the default: a deploy, or a rollback to an earlier one. Idempotent. Throws 422 `invalid_source` for a workflow that does
 * not fit an endpoint that it would serve, and 403 when the actor may not deploy it (assert-may-deploy.ts).
 */
export const deployVersion = verb(
  'handler.write',
  async (ctx, id: string, version: number, ifMatch: IfMatch): Promise<Handler & { warnings?: Issue[] }> => {
    const handler = await findHandler(ctx, id);
    checkRevision(ifMatch, handler.revision);
    if (handler.defaultVersion === version) return toHandler(handler);
    await assertMayDeploy(ctx, handler.path);
    const warnings = await checkVersion(ctx, handler, version);
    const { handlers } = ctx.store;
    const patch = { defaultVersion: version, updatedAt: ctx.now() };
    await change(ctx, {
      action: 'handler.deploy',
      id,
      changes: { version: { from: handler.defaultVersion, to: version } },
      write: handlers.update(id, handler.revision, patch),
      revision: handler.revision,
      requires: [handlers.versionExists(id, version)],
    });
    return {
      ...toHandler({ ...handler, ...patch, revision: handler.revision + 1 }),
      ...(warnings.length > 0 || handler.language === 'workflow' ? { warnings } : {}),
    };
  },
);

/**
 * Checks a version in the endpoints that it will serve, and the things that it names: both may have changed since it was saved. Throws 404
 * for an unknown version.
 */
async function checkVersion(ctx: Context, handler: HandlerRow, version: number): Promise<Issue[]> {
  const names = await ctx.store.handlers.mentions(handler.id, version);
  if (!names) throw notFound('version');
  const mentions = fromMentions(names);
  const endpoints = await endpointsAround(ctx, handler.path);
  const issues = handler.language === 'workflow' ? await checkWorkflow(ctx, handler, version, endpoints) : [];
  return limitIssues([
    ...issues,
    ...(await absentOf(ctx, mentions)).map((mention) => warnAt(mention, 'maybe_missing', absenceOf(mention))),
    ...unlistedAround(mentions, endpoints).map(({ mention, message }) => warnAt(mention, 'not_listed', message)),
  ]);
}

async function checkWorkflow(
  ctx: Context,
  handler: HandlerRow,
  version: number,
  endpoints: EndpointsAround,
): Promise<Issue[]> {
  const row = await ctx.store.handlers.version(handler.id, version);
  if (!row) throw notFound('version');
  const { errors, warnings } = checkInEndpoints(handler, row.source, version, endpoints);
  if (errors.length > 0) throw invalidWorkflow(errors);
  return warnings;
}
