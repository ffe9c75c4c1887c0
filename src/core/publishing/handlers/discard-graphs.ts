import type { Context } from '../../access/context';
import { DAY_MS } from '../../../kernel/clock';

/**
 * Returns the write that marks the documents of a handler's published graphs for deletion in a day: of all its versions, or of one. By then,
 * calls that read a version before its deletion have ended.
 */
export const discardGraphs = (ctx: Pick<Context, 'store' | 'now'>, handlerId: string, version: number | null = null) =>
  ctx.store.graphRetention.discardPublished(handlerId, ctx.now() + DAY_MS, version);
