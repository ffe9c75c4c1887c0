import type { Context } from '../../access/context';
import { DAY_MS } from '../../../kernel/clock';

/** Calls that have read a version end long before its graph's document goes. */

/** The write that lets the documents of a handler's published graphs go: of all its versions, or of one. Before they are deleted. */
export const discardGraphs = (ctx: Pick<Context, 'store' | 'now'>, handlerId: string, version: number | null = null) =>
  ctx.store.graphRetention.discardPublished(handlerId, ctx.now() + DAY_MS, version);
