import { change } from '../../change/change';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { discardGraphs } from './delete-version';
import { findHandler } from './get-handler';

const ADVICE =
  'Link endpoints to another handler first. To delete it despite steps that call it, use ?force=true: they will fail.';

/**
 * Deletes a handler and all its versions. Throws 409 `in_use` while an endpoint is linked to it or attaches it, or a deployed workflow
 * calls it. `force` overrides the calls, whose steps then fail with `not_found`; an endpoint cannot exist without its handler.
 */
export const deleteHandler = verb(
  'handler.write',
  async (ctx, id: string, force: boolean, ifMatch: IfMatch): Promise<void> => {
    const handler = await findHandler(ctx, id);
    checkRevision(ifMatch, handler.revision);
    const { handlers } = ctx.store;
    await change(ctx, {
      action: 'handler.delete',
      id,
      changes: { path: handler.path, force },
      write: handlers.remove(id, handler.revision),
      revision: handler.revision,
      also: [discardGraphs(ctx, id), ctx.store.handlerFiles.remove(id), handlers.removeVersions(id)],
      unused: { used: { noun: 'handler', id, path: handler.path }, force, advice: ADVICE },
    });
  },
);
