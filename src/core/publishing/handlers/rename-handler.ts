import { change } from '../../change/change';
import { diff, isEmpty } from '../../audit/diff.rules';
import { invalidField } from '../../../kernel/issues';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { handlerTaken } from './create-handler';
import { assertMayDeploy } from './assert-may-deploy';
import { findHandler, toHandler } from './get-handler';
import type { Handler, UpdateHandlerInput } from './handler.schema';
import { languageOf } from '../../code/artifact';

const ADVICE =
  'Save versions that call the new path first, or change it with ?force=true: steps that call the old path will fail.';

/**
 * Gives a handler another path. Endpoints follow, also those that attach it. Versions never change: throws 409 `in_use` while
 * a deployed one calls it by the old path, which `force` overrides. Throws 409 `path_taken`, and 422 for a path of another language.
 */
export const renameHandler = verb(
  'handler.write',
  async (ctx, id: string, input: UpdateHandlerInput, force: boolean, ifMatch: IfMatch): Promise<Handler> => {
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
    // From now on a step that calls the new path reaches this handler.
    if (handler.defaultVersion !== null) await assertMayDeploy(ctx, path);
    const { handlers, endpoints } = ctx.store;
    const patch = { path, updatedAt: ctx.now() };
    await change(ctx, {
      action: 'handler.update',
      id,
      changes: { ...changes, force },
      write: handlers.update(id, handler.revision, patch),
      revision: handler.revision,
      also: [
        endpoints.renameMiddleware(handler.path, path, ctx.now()),
        endpoints.renameAttached(handler.path, path, ctx.now()),
      ],
      unused: { used: { noun: 'path', id, path: handler.path }, force, advice: ADVICE },
      taken: handlerTaken(path),
    });
    return toHandler({ ...handler, ...patch, revision: handler.revision + 1 });
  },
);
