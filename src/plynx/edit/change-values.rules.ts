import { type Graph, type Parsed, parseGraph } from '../document/graph.schema';
import { invalidValueMessage, readParameterValue } from '../document/parameter.schema';
import { absent, type Edited, invalid, NO_NODE, replaceNode } from './edit-graph.rules';

/** Sets a parameter of a placed node. An unknown parameter name changes nothing and is not an error, as in PLynx. */
export function changeParameter(graph: Graph, nodeId: string, name: string, value: unknown): Edited {
  const node = graph.nodes.find(({ _id }) => _id === nodeId);
  if (!node) return absent(NO_NODE);
  const parameter = node.parameters.find((one) => one.name === name);
  if (!parameter) return { kind: 'edited', graph };
  const read = readParameterValue(parameter.parameter_type, value);
  if (read === undefined) return invalid(invalidValueMessage(name, value));
  const parameters = node.parameters.map((one) => (one === parameter ? { ...one, value: read } : one));
  return { kind: 'edited', graph: replaceNode(graph, node, { ...node, parameters }) };
}

const CHANGEABLE = ['title', 'description', 'nodes'] as const;

/**
 * Merges a posted part into the graph. Only title, description and the node list (with positions) can be changed this way; PLynx also
 * let clients patch the id, the author and the running status. Drops unknown keys.
 */
export function patchGraph(graph: Graph, part: Record<string, unknown>): Parsed<Graph> {
  const changes = CHANGEABLE.filter((key) => Object.hasOwn(part, key)).map((key) => [key, part[key]]);
  return parseGraph({ ...graph, ...Object.fromEntries(changes) });
}
