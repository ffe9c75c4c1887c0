import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/plynx/document/node.schema';
import { MAX_OPERATIONS, validateGraph } from '../../../src/plynx/validate/validate-graph.rules';
import { validateNode } from '../../../src/plynx/validate/validate-node.rules';
import { chainOf, graphOf, idOf, meshOf, placedFile, placedNode } from '../document/graph-samples';

/** The tree in short: `code object` of every leaf under the node it is about. */
const leaves = (nodes: Node[]): string[] =>
  (validateGraph(graphOf(...nodes))?.children ?? []).flatMap((child) =>
    child.children.length > 0
      ? child.children.map((leaf) => `${child.object.slice(-1)}: ${leaf.target} ${leaf.code}`)
      : [`${child.target} ${child.code}`],
  );

const slot = (over: Partial<Node['inputs'][number]>): Partial<Node> => ({
  inputs: [{ name: 'in', file_types: ['file'], values: [], min_count: 1, max_count: 1, ...over }],
});
const link = (node_id: string, output_id = 'out') => ({ node_id, output_id, resource_id: null });

describe('a node by itself', () => {
  const codes = (over: Partial<Node>) =>
    validateNode(placedNode(1, [], { node_status: 'CREATED', ...over }))?.children.map(({ code }) => code);

  it.each<[Partial<Node>, string[] | undefined]>([
    [{}, undefined],
    [{ description: '' }, undefined],
    [slot({}), undefined],
    [{ title: '' }, ['MISSING_PARAMETER']],
    [slot({ min_count: -1 }), ['MINIMUM_COUNT_MUST_NOT_BE_NEGATIVE']],
    [slot({ min_count: 3, max_count: 2 }), ['MINIMUM_COUNT_MUST_BE_GREATER_THAN_MAXIMUM']],
    [slot({ min_count: 3, max_count: -1 }), undefined],
    [slot({ max_count: 0 }), ['MAXIMUM_COUNT_MUST_NOT_BE_ZERO']],
    [{ ...slot({}), node_status: 'READY' }, ['MISSING_INPUT']],
    [{ ...slot({ min_count: 0 }), node_status: 'READY' }, undefined],
    [{ node_status: 'DEPRECATED' }, undefined],
    [{ node_status: 'MANDATORY_DEPRECATED' }, ['DEPRECATED_NODE']],
  ])('%j: %j', (over, expected) => expect(codes(over)).toEqual(expected));

  it('lists title, inputs, then the deprecation', () => {
    const bad = { ...slot({ min_count: -1, max_count: 0 }), title: '', node_status: 'MANDATORY_DEPRECATED' } as const;
    expect(codes(bad)).toEqual([
      'MISSING_PARAMETER',
      'MINIMUM_COUNT_MUST_NOT_BE_NEGATIVE',
      'MAXIMUM_COUNT_MUST_NOT_BE_ZERO',
      'DEPRECATED_NODE',
    ]);
  });
});

describe('a graph', () => {
  it('is valid without issues', () => {
    expect(validateGraph(graphOf(placedFile(0), placedNode(1, [0]), placedNode(2, [0, 1])))).toBeUndefined();
  });
  it('names what it lacks itself, in order', () => {
    const graph = { ...graphOf(), title: '', description: '' };
    expect(validateGraph(graph)).toEqual({
      target: 'GRAPH',
      object: graph._id,
      code: 'IN_DEPENDENTS',
      children: [
        { target: 'PROPERTY', object: 'title', code: 'MISSING_PARAMETER', children: [] },
        { target: 'PROPERTY', object: 'description', code: 'MISSING_PARAMETER', children: [] },
        { target: 'PROPERTY', object: graph._id, code: 'EMPTY_GRAPH', children: [] },
      ],
    });
  });

  it.each<[string, Node[], string[]]>([
    [
      'a cycle of two, and not what hangs on it',
      [placedNode(1, [2]), placedNode(2, [1]), placedNode(3, [2])],
      ['1: NODE CYCLE_DETECTED', '2: NODE CYCLE_DETECTED'],
    ],
    [
      'two cycles that touch',
      [placedNode(1, [2]), placedNode(2, [1, 3]), placedNode(3, [2])],
      ['1: NODE CYCLE_DETECTED', '2: NODE CYCLE_DETECTED', '3: NODE CYCLE_DETECTED'],
    ],
    ['a link to oneself', [placedNode(1, [1])], ['1: NODE CYCLE_DETECTED']],
    ['a link from nowhere', [placedNode(1, [9])], ['1: INPUT DANGLING_LINK']],
    ['a link from __proto__', [placedNode(1, [], slot({ values: [link('__proto__')] }))], ['1: INPUT DANGLING_LINK']],
    [
      'a link from an output that is not there',
      [placedNode(1), placedNode(2, [], slot({ values: [link(idOf(1), 'constructor')] }))],
      ['2: INPUT DANGLING_LINK'],
    ],
    [
      'types that do not fit',
      [placedNode(1), placedNode(2, [], slot({ file_types: ['csv'], values: [link(idOf(1))] }))],
      ['2: INPUT INCOMPATIBLE_TYPES'],
    ],
    [
      'more values than fit',
      [placedNode(1), placedNode(3), placedNode(2, [], slot({ values: [link(idOf(1)), link(idOf(3))] }))],
      ['2: INPUT TOO_MANY_VALUES'],
    ],
    ['one id twice', [placedNode(1), placedNode(1)], ['1: NODE DUPLICATE_NODE_ID', '1: NODE DUPLICATE_NODE_ID']],
    ['an input called __proto__', [placedNode(1, [], slot({ name: '__proto__' }))], ['1: INPUT MISSING_INPUT']],
  ])('finds %s', (_, nodes, expected) => expect(leaves(nodes)).toEqual(expected));

  it('counts operations, not files', () => {
    const files = Array.from({ length: 50 }, (_, at) => placedFile(5000 + at));
    expect(validateGraph(graphOf(...chainOf(MAX_OPERATIONS).nodes, ...files))).toBeUndefined();
    const codes = validateGraph(chainOf(MAX_OPERATIONS + 1))?.children.map(({ code }) => code);
    expect(codes).toEqual(['TOO_MANY_NODES']);
  });
});

it.each([
  ['a chain of 1,000', chainOf(1000), undefined],
  ['a mesh of 1,000', meshOf(1000), undefined],
  ['a chain of 10,000', chainOf(10_000), 1],
  ['a ring of 10,000', ringOf(10_000), 10_001],
])('%s is judged', (_, graph, errors) => {
  expect(validateGraph(graph)?.children.length).toBe(errors);
});

function ringOf(n: number) {
  const { nodes } = chainOf(n);
  nodes[0] = placedNode(0, [n - 1]);
  return graphOf(...nodes);
}
