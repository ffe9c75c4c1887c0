import type { Graph } from './graph.schema';
import type { NodeStatus } from './node.schema';

/** Returns the ids of the stored nodes whose copies a graph contains. */
export const parentsOf = (graph: Graph): string[] => [
  ...new Set(graph.nodes.flatMap(({ parent_node }) => parent_node ?? [])),
];

/** Returns the graph with each placement in the current state of its stored node: a read shows later deprecations. */
export const withStoredStatuses = (graph: Graph, statuses: ReadonlyMap<string, NodeStatus>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => {
    const status = node.parent_node === null ? undefined : statuses.get(node.parent_node);
    return status === undefined ? node : { ...node, node_status: status };
  }),
});
