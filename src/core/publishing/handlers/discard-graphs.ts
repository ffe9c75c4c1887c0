import type { Context } from '../../access/context';

/** Calls that have read a version end long before its graph's document goes. */
const DAY_MS = 86_400_000;

/** The write that lets the documents of a handler's published graphs go: of all its versions, or of one. Before they are deleted. */
export const discardGraphs = (ctx: Pick<Context, 'store' | 'now'>, handlerId: string, version: number | null = null) =>
  ctx.store.graphRetention.discardPublished(handlerId, ctx.now() + DAY_MS, version);
