import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeGraph } from '../../../src/plynx/edit/arrange.rules';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import type { Graph } from '../../../src/plynx/document/graph.schema';
import type { Node } from '../../../src/plynx/document/node.schema';
import { chainOf, graphOf, idOf, meshOf, placedFile, placedNode } from '../document/graph-samples';

const arranged = (graph: Graph): Graph => {
  const result = arrangeGraph(graph);
  if (result.kind === 'refused') throw new Error(result.message);
  return result.graph;
};
const places = (graph: Graph) => arranged(graph).nodes.map(({ x, y }) => [x, y]);
const refusal = (...nodes: Node[]) => {
  const result = arrangeGraph(graphOf(...nodes));
  return result.kind === 'refused' ? result.message : 'arranged';
};

describe('known answers', () => {
  it('places a chain of three in a row', () => {
    expect(places(chainOf(3))).toEqual([
      [30, 80],
      [282, 80],
      [534, 80],
    ]);
  });
  it('a diamond whose last node has two inputs', () => {
    const two = placedNode(3, [1]);
    const last = { ...two, inputs: [...two.inputs, { ...placedNode(9, [2]).inputs[0]!, name: 'other' }] };
    expect(places(graphOf(placedNode(0), placedNode(1, [0]), placedNode(2, [0]), last))).toEqual([
      [30, 142],
      [282, 80],
      [282, 225],
      [534, 142],
    ]);
  });
  it('places a fan of five in a column', () => {
    const graph = graphOf(
      placedNode(0),
      ...[1, 2, 3, 4, 5].map((n) => placedNode(n, [0])),
      placedNode(6, [1, 2, 3, 4, 5]),
    );
    expect(places(graph).map(([, y]) => y)).toEqual([330, 80, 205, 330, 455, 580, 330]);
  });
  it('one file, nine pairs, one sum', () => {
    const pairs = Array.from({ length: 9 }, (_, at) => [
      placedNode(10 + at, [0]),
      placedNode(30 + at, [10 + at]),
    ]).flat();
    const result = places(graphOf(placedFile(0), ...pairs, placedNode(50, pairs.map((_, at) => 30 + at).slice(0, 9))));
    expect(result[0]).toEqual([30, 580]);
    expect(result.at(-1)).toEqual([786, 580]);
    expect(result.slice(1, -1)).toEqual(
      Array.from({ length: 9 }, (_, k) => [
        [282, 80 + 125 * k],
        [534, 80 + 125 * k],
      ]).flat(),
    );
  });
  it('a long edge does not pull its producer to the right', () => {
    const graph = graphOf(
      placedNode(0),
      placedNode(1, [0]),
      placedNode(2, [1]),
      placedNode(3, [2]),
      placedNode(4, [1, 3]),
    );
    expect(places(graph).map(([x]) => x)).toEqual([30, 282, 534, 786, 1038]);
  });
  it('a code parameter with a widget makes a node taller', () => {
    const tall = newNode('python', idOf(1));
    const shown = { ...tall.parameters[0]!, widget: { alias: 'code' } };
    const graph = graphOf({ ...tall, parameters: [shown] }, placedNode(2));
    expect(places(graph)[1]).toEqual([30, 80 + 55 + 20 + 50]);
  });
});

describe('no layout', () => {
  it.each<[string, Node[], string]>([
    ['no nodes', [], 'The graph has no nodes'],
    ['a ring', [placedNode(1, [2]), placedNode(2, [1])], `The graph has a cycle through node \`${idOf(2)}\``],
    ['a self-link', [placedNode(1, [1])], `The graph has a cycle through node \`${idOf(1)}\``],
    [
      'a loose link',
      [placedNode(1, [9])],
      `Node \`${idOf(1)}\` has a link to \`${idOf(9)}\`, which is not in the graph`,
    ],
  ])('%s', (_, nodes, message) => expect(refusal(...nodes)).toBe(message));
});

/** Any graph without cycles, with its node ids in any order. */
const anyDag = fc
  .array(fc.tuple(fc.nat(60), fc.array(fc.nat(60), { maxLength: 4 })), { minLength: 1, maxLength: 30 })
  .map((rows) =>
    rows.map(([salt, from], at) => ({
      id: salt * 100 + at,
      from: from.map((f) => f % Math.max(at, 1)).filter((f) => f < at),
    })),
  )
  .map((rows) =>
    graphOf(
      ...rows.map(({ id, from }) =>
        placedNode(
          id,
          [...new Set(from)].map((f) => rows[f]!.id),
        ),
      ),
    ),
  );

it('puts every producer left of its consumers, no node on another, and does not mind the order of the document', () => {
  fc.assert(
    fc.property(anyDag, (graph) => {
      const { nodes } = arranged(graph);
      const byId = new Map(nodes.map((node) => [node._id, node]));
      for (const node of nodes) {
        for (const { node_id } of node.inputs[0]!.values) expect(byId.get(node_id)!.x).toBeLessThan(node.x);
      }
      expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
      const reversed = arranged({ ...graph, nodes: [...graph.nodes].reverse() });
      expect([...reversed.nodes].reverse()).toEqual(nodes);
    }),
  );
});

it.each([
  ['a chain of 1,000', chainOf(1000)],
  ['a mesh of 1,000', meshOf(1000)],
  ['a chain of 10,000', chainOf(10_000)],
])('%s is laid out', (_, graph) => {
  expect(arranged(graph).nodes[0]!.x).toBe(30);
});
