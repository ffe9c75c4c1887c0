import type { Graph, Parsed } from '../document/graph.schema';
import { parseGraph } from '../document/graph.schema';

const CHANGEABLE = ['title', 'description', 'nodes'] as const;

/**
 * The graph with a posted part put over it. Only title, description and the node list (positions are in it) can be changed this way;
 * PLynx also let clients patch the id, the author and the running status. Unknown keys are dropped.
 */
export function patchGraph(graph: Graph, part: Record<string, unknown>): Parsed<Graph> {
  const changes = CHANGEABLE.filter((key) => Object.hasOwn(part, key)).map((key) => [key, part[key]]);
  return parseGraph({ ...graph, ...Object.fromEntries(changes) });
}
