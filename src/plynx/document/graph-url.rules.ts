/** Returns the page of a graph in a web client. */
export const graphUrl = (origin: string, graphId: string): string => `${origin}/graphs/${graphId}`;

/** Returns the page of one node of a graph in a web client: a restored node links to its source. */
export const nodeUrl = (origin: string, graphId: string, nodeId: string): string =>
  `${graphUrl(origin, graphId)}?nid=${nodeId}`;
