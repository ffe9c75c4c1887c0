import type { Graph } from '../document/graph.schema';
import { asNotRun } from './clone-graph.rules';
import { acceptsType } from '../document/topology.rules';
import type { Node } from '../document/node.schema';

/** Result of a change of a graph. `absent`: a part that it names does not exist. `invalid`: it would break a rule. */
export type Edited =
  | { kind: 'edited'; graph: Graph; node?: Node }
  | { kind: 'absent'; message: string }
  | { kind: 'invalid'; message: string };

/** One end of a link: a placement, and the name of its output or input. */
export interface LinkEnd {
  nodeId: string;
  name: string;
}

export const absent = (message: string): Edited => ({ kind: 'absent', message });
export const invalid = (message: string): Edited => ({ kind: 'invalid', message });
export const NO_NODE = 'Node was not found';

/** Places a copy of a stored node in the graph under an id of its own. */
export function insertNode(graph: Graph, stored: Node, at: { id: string; x: number; y: number }): Edited {
  const node = { ...asNotRun(stored), _id: at.id, parent_node: stored._id, x: at.x, y: at.y };
  return { kind: 'edited', graph: { ...graph, nodes: [...graph.nodes, node] }, node };
}

/** Removes a node and every link from it. */
export function removeNode(graph: Graph, nodeId: string): Edited {
  if (!graph.nodes.some(({ _id }) => _id === nodeId)) return absent(NO_NODE);
  const nodes = graph.nodes
    .filter(({ _id }) => _id !== nodeId)
    .map((node) => withLinks(node, (links) => links.filter(({ node_id }) => node_id !== nodeId)));
  return { kind: 'edited', graph: { ...graph, nodes } };
}

/** Creates a link from an output to an input. The order of the checks is PLynx's: the limit comes before the duplicate. */
export function createLink(graph: Graph, from: LinkEnd, to: LinkEnd): Edited {
  const ends = findEnds(graph, from, to);
  if (ends.kind !== 'ends') return ends;
  const { consumer, input, output } = ends;
  if (!acceptsType(input, output)) return invalid('Incompatible types');
  if (input.max_count >= 0 && input.values.length >= input.max_count) {
    return invalid('Number of inputs reached the limit');
  }
  if (input.values.some((link) => isFrom(link, from))) return invalid('Link already exists');
  const link = { node_id: from.nodeId, output_id: from.name, resource_id: null };
  const next = withLinks(consumer, (links, slot) => (slot === input ? [...links, link] : links));
  return { kind: 'edited', graph: replaceNode(graph, consumer, next) };
}

/** Removes a link. */
export function removeLink(graph: Graph, from: LinkEnd, to: LinkEnd): Edited {
  const ends = findEnds(graph, from, to);
  if (ends.kind !== 'ends') return ends;
  const { consumer, input } = ends;
  if (!input.values.some((link) => isFrom(link, from))) return absent('Link not found');
  const next = withLinks(consumer, (links, slot) =>
    slot === input ? links.filter((one) => !isFrom(one, from)) : links,
  );
  return { kind: 'edited', graph: replaceNode(graph, consumer, next) };
}

function findEnds(graph: Graph, from: LinkEnd, to: LinkEnd) {
  if (from.nodeId === to.nodeId) return invalid('Duplicated node ids found');
  const producer = graph.nodes.find(({ _id }) => _id === from.nodeId);
  const consumer = graph.nodes.find(({ _id }) => _id === to.nodeId);
  if (!producer || !consumer) return absent(NO_NODE);
  const output = producer.outputs.find(({ name }) => name === from.name);
  const input = consumer.inputs.find(({ name }) => name === to.name);
  if (!output || !input) return absent('Input or output not found');
  return { kind: 'ends', consumer, input, output } as const;
}

type Slot = Node['inputs'][number];

const isFrom = (link: Slot['values'][number], from: LinkEnd): boolean =>
  link.node_id === from.nodeId && link.output_id === from.name;

const withLinks = (node: Node, change: (links: Slot['values'], slot: Slot) => Slot['values']): Node => ({
  ...node,
  inputs: node.inputs.map((input) => ({ ...input, values: change(input.values, input) })),
});

export const replaceNode = (graph: Graph, old: Node, next: Node): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (node === old ? next : node)),
});
