import type { Graph } from './graph.schema';
import type { NodeStatus } from './node.schema';

/** The stored nodes that a graph's placements come from. */
export const parentsOf = (graph: Graph): string[] => [
  ...new Set(graph.nodes.flatMap(({ parent_node }) => parent_node ?? [])),
];

/** The graph with each placement in the state of the stored node it comes from: a read shows what has been deprecated since. */
export const withStoredStatuses = (graph: Graph, statuses: ReadonlyMap<string, NodeStatus>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => {
    const status = node.parent_node === null ? undefined : statuses.get(node.parent_node);
    return status === undefined ? node : { ...node, node_status: status };
  }),
});
