import { auditRow } from '../audit/audit-row';
import type { Context } from '../context';
import { notFound } from '../errors';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { authorize } from '../user/can';
import { findHandler } from './get-handler';
import type { Handler } from './handler.schema';
import { toHandler } from './to-handler';

/** Makes a version the one that is served: a deploy, or a roll back to an earlier one. Doing it twice changes nothing. */
export async function deployVersion(ctx: Context, id: string, version: number, ifMatch: IfMatch): Promise<Handler> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  if (handler.defaultVersion === version) return toHandler(handler);
  if (version > handler.latestVersion) throw notFound('version');
  const patch = { defaultVersion: version, updatedAt: ctx.now() };
  const entry = auditRow(ctx, 'handler.deploy', id, { version: { from: handler.defaultVersion, to: version } });
  expectDone(await ctx.store.commit(ctx.store.handlers.update(id, handler.revision, patch), entry), handler.revision);
  ctx.memory.forget();
  return toHandler({ ...handler, ...patch, revision: handler.revision + 1 });
}
