import type { Graph } from '../document/graph.schema';
import type { Node } from '../document/node.schema';

/** Returns a copy with a new id and author, not run: node ids, positions, titles and cache links stay. */
export const cloneGraph = (graph: Graph, to: { id: string; author: string }): Graph => ({
  ...graph,
  _id: to.id,
  author: to.author,
  graph_running_status: 'CREATED',
  nodes: graph.nodes.map(asNotRun),
});

/** Returns the node without results of a run. A file (STATIC) keeps its contents. */
export function asNotRun(node: Node): Node {
  const isStatic = node.node_running_status === 'STATIC';
  return {
    ...node,
    node_running_status: isStatic ? 'STATIC' : 'CREATED',
    inputs: node.inputs.map((input) => ({
      ...input,
      values: input.values.map((link) => ({ ...link, resource_id: null })),
    })),
    outputs: isStatic ? node.outputs : node.outputs.map(emptied),
    logs: node.logs.map(emptied),
  };
}

const emptied = <T extends { resource_id: string | null }>(resource: T): T => ({ ...resource, resource_id: null });
