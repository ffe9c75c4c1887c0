import { type Graph, newGraph } from '../../../src/plynx/document/graph.schema';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import type { Node } from '../../../src/plynx/document/node.schema';

/** An id that says which node it is: `idOf(7)` ends in 7. */
export const idOf = (n: number): string => `5d${String(n).padStart(22, '0')}`;

/** A placed, approved bash operation with one input `in` for any number of values and one output `out`. */
export function placedNode(n: number, from: number[] = [], over: Partial<Node> = {}): Node {
  return {
    ...newNode('bash_jinja2', idOf(n)),
    title: `Node ${n}`,
    parent_node: idOf(900000 + n),
    node_status: 'READY',
    inputs: [
      {
        name: 'in',
        file_types: ['file'],
        min_count: 0,
        max_count: -1,
        values: from.map((producer) => ({ node_id: idOf(producer), output_id: 'out', resource_id: null })),
      },
    ],
    outputs: [{ name: 'out', file_type: 'file', resource_id: null }],
    ...over,
  };
}

/** A file that is placed in a graph and holds `resource`. */
export const placedFile = (n: number, resource = `file-${n}`): Node => ({
  ...newNode('file', idOf(n)),
  title: `File ${n}`,
  parent_node: idOf(900000 + n),
  outputs: [{ name: 'out', file_type: 'file', resource_id: resource }],
});

/** A graph of these nodes. */
export const graphOf = (...nodes: Node[]): Graph => ({ ...newGraph(idOf(1000000)), author: idOf(2000000), nodes });

/** `n` nodes one after the other, node 0 first. */
export const chainOf = (n: number): Graph =>
  graphOf(...Array.from({ length: n }, (_, at) => placedNode(at, at === 0 ? [] : [at - 1])));

/** `n` nodes that each take from up to three of the ten before it: wide, with long and short edges. */
export const meshOf = (n: number): Graph =>
  graphOf(
    ...Array.from({ length: n }, (_, at) =>
      placedNode(
        at,
        [1, 4, 9].map((back) => at - back).filter((producer) => producer >= 0),
      ),
    ),
  );
