import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { invalidField } from '../../../kernel/issues';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { handlerTaken } from './create-handler';
import { expectMayDeploy } from './expect-may-deploy';
import { findHandler } from './get-handler';
import type { Handler, UpdateHandlerInput } from './handler.schema';
import { languageOf } from '../../code/artifact';
import { toHandler } from './to-handler';

const ADVICE =
  'Save versions that call the new path first, or change it with ?force=true: steps that call the old one fail then.';

/**
 * Gives a handler another path. Endpoints follow, also those that attach it as middleware. Versions never change: 409 `in_use` while one
 * that is served calls it by the old path, which `force` overrides. 409 `path_taken`; 422 for a path of another language.
 */
export async function renameHandler(
  ctx: Context,
  id: string,
  input: UpdateHandlerInput,
  force: boolean,
  ifMatch: IfMatch,
): Promise<Handler> {
  authorize(ctx, 'handler.write');
  const handler = await findHandler(ctx, id);
  checkRevision(ifMatch, handler.revision);
  const path = input.path ?? handler.path;
  const changes = diff({ path: handler.path }, { path });
  if (isEmpty(changes)) return toHandler(handler);
  if (languageOf(path) !== handler.language)
    throw invalidField(
      'path',
      'language_stays',
      `must be a path of a ${handler.language} handler, as ${handler.path} is`,
    );
  // A step that calls the new path reaches this handler from now on.
  if (handler.defaultVersion !== null) await expectMayDeploy(ctx, path);
  const { handlers, endpoints, uses, commit } = ctx.store;
  const used = { noun: 'path', id, path: handler.path } as const;
  const patch = { path, updatedAt: ctx.now() };
  const result = await commit(
    handlers.update(id, handler.revision, patch),
    auditRow(ctx, 'handler.update', id, { ...changes, force }),
    [endpoints.renameMiddleware(handler.path, path, ctx.now())],
    [uses.none(used, force)],
  );
  if (result.type === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  expectDone(result, handler.revision, handlerTaken(path));
  ctx.memory.forget();
  return toHandler({ ...handler, ...patch, revision: handler.revision + 1 });
}
