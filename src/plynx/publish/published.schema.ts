import * as z from 'zod';

/** The source of a handler of language `graph`: the graph, and the names of its public parameters for callers. */
export const PublishedGraph = z.strictObject({
  graph: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of a graph: 24 hex digits'),
  /** Parameter names of the endpoint -> aliases of the graph. By default every alias is a parameter of the same name. */
  parameters: z.record(z.string().min(1).max(200), z.string().min(1).max(1000)).optional(),
  answer: z.enum(['wait', 'run']).default('wait'),
});
export type PublishedGraph = z.infer<typeof PublishedGraph>;
