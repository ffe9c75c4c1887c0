import type { Link, Node, NodeInputSlot, NodeResource } from './node.schema';

/** Producers and consumers by position in the node list. Repeated links between two nodes count once. */
export interface Topology {
  producers: number[][];
  consumers: number[][];
  /** Links whose producer is not in the graph. */
  dangling: { consumer: number; link: Link }[];
}

/** Reads the links of a node list. Of two nodes with one id the first counts. */
export function topologyOf(nodes: readonly Node[]): Topology {
  const position = new Map<string, number>();
  nodes.forEach((node, at) => position.has(node._id) || position.set(node._id, at));
  const producers = nodes.map(() => new Set<number>());
  const consumers = nodes.map(() => new Set<number>());
  const dangling: Topology['dangling'] = [];
  nodes.forEach((node, consumer) => {
    for (const link of node.inputs.flatMap((input) => input.values)) {
      const producer = position.get(link.node_id);
      if (producer === undefined) dangling.push({ consumer, link });
      else {
        producers[consumer]!.add(producer);
        consumers[producer]!.add(consumer);
      }
    }
  });
  return { producers: producers.map((set) => [...set]), consumers: consumers.map((set) => [...set]), dangling };
}

/**
 * Returns the length of the longest path from each node to a sink: sinks are 0, a producer is one more than its farthest consumer. -1 for
 * nodes on a cycle or upstream of one, which have no such length.
 */
export function levelsOf({ producers, consumers }: Topology): number[] {
  const levels = consumers.map(() => -1);
  const waiting = consumers.map((list) => list.length);
  const open = [...waiting.keys()].filter((at) => waiting[at] === 0);
  for (const at of open) levels[at] = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const producer of producers[next]!) {
      waiting[producer]! -= 1;
      if (waiting[producer] === 0) {
        levels[producer] = 1 + consumers[producer]!.reduce((most, at) => Math.max(most, levels[at]!), 0);
        open.push(producer);
      }
    }
  }
  return levels;
}

/**
 * Finds the nodes on a cycle, self-links included, by Tarjan's strongly connected components. Iterative: a chain of 10,000 nodes would
 * overflow the stack.
 */
export function nodesOnCycles({ consumers }: Topology): Set<number> {
  const found = new Set<number>();
  const order = consumers.map(() => -1);
  const low = consumers.map(() => 0);
  const onStack = new Set<number>();
  const stack: number[] = [];
  let counter = 0;

  const enter = (at: number) => {
    order[at] = low[at] = counter++;
    stack.push(at);
    onStack.add(at);
    return { at, next: 0 };
  };
  const closeComponent = (root: number) => {
    const component: number[] = [];
    for (let member = -1; member !== root;) {
      member = stack.pop()!;
      onStack.delete(member);
      component.push(member);
    }
    if (component.length > 1 || consumers[root]!.includes(root)) component.forEach((member) => found.add(member));
  };

  for (const start of consumers.keys()) {
    if (order[start] !== -1) continue;
    const path = [enter(start)];
    for (let frame = path.at(-1); frame; frame = path.at(-1)) {
      const child = consumers[frame.at]![frame.next++];
      if (child === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent) low[parent.at] = Math.min(low[parent.at]!, low[frame.at]!);
        if (low[frame.at] === order[frame.at]) closeComponent(frame.at);
      } else if (order[child] === -1) path.push(enter(child));
      else if (onStack.has(child)) low[frame.at] = Math.min(low[frame.at]!, order[child]!);
    }
  }
  return found;
}

/** Returns true when an input accepts an output's type. An input that lists `file` accepts anything. */
export const acceptsType = (
  input: Pick<NodeInputSlot, 'file_types'>,
  output: Pick<NodeResource, 'file_type'>,
): boolean => input.file_types.includes(output.file_type) || input.file_types.includes('file');
