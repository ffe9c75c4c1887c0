import type { Graph } from '../document/graph.schema';
import type { Node, NodeInputSlot } from '../document/node.schema';

/** The stored nodes read so far, by id; null for an unknown id. */
export type StoredNodes = ReadonlyMap<string, Node | null>;

export type Upgraded = { kind: 'upgraded'; graph: Graph; count: number } | { kind: 'refused'; message: string };

/** Returns the stored nodes that must be read before `upgradeNodes` can decide; call it until it names none. */
export function nodesToRead(graph: Graph, known: StoredNodes): string[] {
  const wanted = new Set<string>();
  for (const { parent_node } of graph.nodes) {
    const end = lastVersion(parent_node, known);
    if (end.next !== null && !known.has(end.next)) wanted.add(end.next);
  }
  return [...wanted];
}

/**
 * UPGRADE_NODES: replaces every placement whose stored node is no longer READY by its newest version. Positions, descriptions, public
 * parameters and the links that the new version still accepts are kept. Stores nothing.
 */
export function upgradeNodes(graph: Graph, stored: StoredNodes): Upgraded {
  let count = 0;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    if (node.parent_node !== null && !stored.get(node.parent_node)) {
      return { kind: 'refused', message: `Node \`${node.parent_node}\` was not found` };
    }
    const { node: newest } = lastVersion(node.parent_node, stored);
    const changed = newest !== null && newest._id !== node.parent_node;
    if (changed) count += 1;
    nodes.push(changed ? upgraded(node, newest) : node);
  }
  return { kind: 'upgraded', graph: { ...graph, nodes }, count };
}

// Follows successors while a version is not READY. `next` is the id that stopped the walk: not read, absent, or the end of the chain.
function lastVersion(id: string | null, known: StoredNodes) {
  const seen = new Set<string>();
  let node: Node | null = null;
  let next = id;
  // A circular chain of successors ends where it begins to repeat.
  while (next !== null && !seen.has(next)) {
    seen.add(next);
    const found = known.get(next);
    if (!found) return { node, next };
    node = found;
    next = found.node_status === 'READY' ? null : found.successor_node;
  }
  return { node, next: null };
}

function upgraded(old: Node, newest: Node): Node {
  const oldParameters = new Map(old.parameters.map((one) => [one.name, one]));
  return {
    ...newest,
    _id: old._id,
    parent_node: newest._id,
    successor_node: null,
    description: old.description,
    x: old.x,
    y: old.y,
    inputs: newest.inputs.map((input) => keepLinks(input, old.inputs)),
    parameters: newest.parameters.map((parameter) => {
      const before = oldParameters.get(parameter.name);
      const keeps = parameter.widget && before?.parameter_type === parameter.parameter_type;
      return keeps ? { ...parameter, value: before.value } : parameter;
    }),
  };
}

// Keeps the links when the new input accepts as many and at least the same types as the old one.
function keepLinks(input: NodeInputSlot, before: NodeInputSlot[]): NodeInputSlot {
  const old = before.find(({ name }) => name === input.name);
  if (!old) return input;
  const takesAsMany = input.max_count < 0 || input.max_count >= old.max_count;
  const takesTypes = old.file_types.every((type) => input.file_types.includes(type));
  return takesAsMany && takesTypes ? { ...input, values: old.values } : input;
}
