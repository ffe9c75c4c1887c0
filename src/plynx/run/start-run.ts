import type { Context } from '../../core/access/context';

/** Begins the run of a graph that was just approved. When that fails, the graph is as it was before and may be approved again. */
export async function startRun(ctx: Context, graphId: string): Promise<void> {
  try {
    await ctx.graphRuns.start(graphId, ctx.origin);
  } catch (error) {
    await ctx.store.graphs.setStatus(graphId, ['READY'], 'CREATED', ctx.now()).run();
    throw error;
  }
}
