import { change } from '../../change/change';
import { notFound } from '../../../kernel/errors';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { findHandler } from './get-handler';
import type { Context } from '../../access/context';
import { DAY_MS } from '../../../kernel/clock';

/**
 * Deletes a version of a handler, with its source; its number is not reused. Throws 409 `in_use` for the default version and for one that
 * an endpoint pins.
 */
export const deleteVersion = verb(
  'handler.write',
  async (ctx, id: string, version: number, ifMatch: IfMatch): Promise<void> => {
    const handler = await findHandler(ctx, id);
    checkRevision(ifMatch, handler.revision);
    const { handlers } = ctx.store;
    if (!(await handlers.hasVersion(id, version))) throw notFound('version');
    await change(ctx, {
      action: 'handler.delete-version',
      id,
      changes: { version },
      write: handlers.update(id, handler.revision, { updatedAt: ctx.now() }),
      revision: handler.revision,
      also: [
        discardGraphs(ctx, id, version),
        ctx.store.handlerFiles.remove(id, version),
        handlers.removeVersion(id, version),
      ],
      unused: {
        used: { noun: 'version', id, version },
        force: false,
        advice: 'Deploy another version, or pin another one, first.',
      },
    });
  },
);

/**
 * Returns the write that marks the documents of a handler's published graphs for deletion in a day: of all its versions, or of one. By then,
 * calls that read a version before its deletion have ended.
 */
export const discardGraphs = (ctx: Pick<Context, 'store' | 'now'>, handlerId: string, version: number | null = null) =>
  ctx.store.graphRetention.discardPublished(handlerId, ctx.now() + DAY_MS, version);
