/** Where a web client shows a graph. */
export const graphUrl = (origin: string, graphId: string): string => `${origin}/graphs/${graphId}`;

/** Where a web client shows one node of a graph: what a restored node gives as its source. */
export const nodeUrl = (origin: string, graphId: string, nodeId: string): string =>
  `${graphUrl(origin, graphId)}?nid=${nodeId}`;
