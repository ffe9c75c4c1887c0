import { describe, expect, it } from 'vitest';
import { asNotRun, cloneGraph } from '../../../src/plynx/edit/clone-graph.rules';
import type { Node } from '../../../src/plynx/document/node.schema';
import { withStoredStatuses } from '../../../src/plynx/document/node-versions.rules';
import { nodesToRead, upgradeNodes } from '../../../src/plynx/edit/upgrade-nodes.rules';
import { chainOf, graphOf, idOf, placedFile, placedNode } from './graph-samples';

const stored = (n: number, over: Partial<Node> = {}): Node => ({ ...placedNode(n), parent_node: null, ...over });
const known = (...nodes: Node[]) => new Map<string, Node | null>(nodes.map((node) => [node._id, node]));
const placedFrom = (n: number, parent: number, over: Partial<Node> = {}): Node =>
  placedNode(n, [], { parent_node: idOf(parent), ...over });
const deprecated = (n: number, successor: number | null): Node =>
  stored(n, { node_status: 'DEPRECATED', successor_node: successor === null ? null : idOf(successor) });

describe('UPGRADE_NODES', () => {
  const upgrade = (node: Node, ...versions: Node[]) => {
    const result = upgradeNodes(graphOf(node), known(...versions));
    if (result.kind === 'refused') throw new Error(result.message);
    return { count: result.count, node: result.graph.nodes[0]! };
  };

  it.each<[string, Node[], number, number]>([
    ['a READY parent stays', [stored(10)], 0, 10],
    ['a deprecated one without a successor stays', [deprecated(10, null)], 0, 10],
    ['a successor that is gone is none', [deprecated(10, 11)], 0, 10],
    ['a successor takes over', [deprecated(10, 11), stored(11)], 1, 11],
    ['the last of a chain takes over', [deprecated(10, 11), deprecated(11, 12), stored(12)], 1, 12],
    ['a ring of successors ends', [deprecated(10, 11), deprecated(11, 10)], 1, 11],
    [
      'MANDATORY_DEPRECATED counts as deprecated',
      [stored(10, { node_status: 'MANDATORY_DEPRECATED', successor_node: idOf(11) }), stored(11)],
      1,
      11,
    ],
  ])('%s', (_, versions, count, parent) => {
    expect(upgrade(placedFrom(1, 10), ...versions)).toMatchObject({
      count,
      node: { _id: idOf(1), parent_node: idOf(parent) },
    });
  });

  it('keeps place, description and links; takes title and command', () => {
    const old = placedFrom(1, 10, { x: 5, y: 6, description: 'mine', title: 'old', inputs: placedNode(1, [7]).inputs });
    const { node } = upgrade(old, deprecated(10, 11), stored(11, { title: 'new', description: 'theirs' }));
    expect(node).toMatchObject({
      x: 5,
      y: 6,
      description: 'mine',
      title: 'new',
      successor_node: null,
      inputs: old.inputs,
    });
  });

  const slot = (over: Partial<Node['inputs'][number]>) => [{ ...placedNode(1, [7]).inputs[0]!, ...over }];
  it.each<[string, Partial<Node['inputs'][number]>, Partial<Node['inputs'][number]>, boolean]>([
    ['the same', {}, {}, true],
    ['another name', {}, { name: 'other' }, false],
    ['fewer values', { max_count: 3 }, { max_count: 2 }, false],
    ['more values', { max_count: 3 }, { max_count: 4 }, true],
    ['any number', { max_count: 3 }, { max_count: -1 }, true],
    ['fewer types', { file_types: ['csv', 'tsv'] }, { file_types: ['csv'] }, false],
    ['more types', { file_types: ['csv'] }, { file_types: ['tsv', 'csv'] }, true],
  ])('an input with %s keeps its links: see the last column', (_, before, after, keeps) => {
    const old = placedFrom(1, 10, { inputs: slot(before) });
    const next = stored(11, { inputs: slot({ values: [], ...after }) });
    expect(upgrade(old, deprecated(10, 11), next).node.inputs[0]!.values).toHaveLength(keeps ? 1 : 0);
  });

  it('copies the value of a parameter only when the new one is public and of the same type', () => {
    const one = (name: string, value: string, widget: boolean, parameter_type: 'str' | 'text' = 'str') => ({
      ...placedNode(1).parameters[0]!,
      name,
      value,
      parameter_type,
      widget: widget ? { alias: name } : null,
    });
    const old = placedFrom(1, 10, {
      parameters: [one('a', 'old', false), one('b', 'old', true), one('c', 'old', true)],
    });
    const next = stored(11, {
      parameters: [one('a', 'new', true), one('b', 'new', false), one('c', 'new', true, 'text')],
    });
    expect(upgrade(old, deprecated(10, 11), next).node.parameters.map(({ value }) => value)).toEqual([
      'old',
      'new',
      'new',
    ]);
  });

  it('names a missing stored node, and skips placements without one', () => {
    const graph = graphOf(placedNode(1, [], { parent_node: null }), placedFrom(2, 10));
    expect(upgradeNodes(graph, new Map())).toEqual({ kind: 'refused', message: `Node \`${idOf(10)}\` was not found` });
    expect(upgradeNodes(graphOf(graph.nodes[0]!), new Map())).toMatchObject({ kind: 'upgraded', count: 0 });
  });

  it('asks for the versions it needs, one step of the chain at a time', () => {
    const graph = graphOf(placedFrom(1, 10), placedFrom(2, 10), placedFrom(3, 20));
    expect(nodesToRead(graph, new Map())).toEqual([idOf(10), idOf(20)]);
    const first = known(deprecated(10, 11), stored(20));
    expect(nodesToRead(graph, first)).toEqual([idOf(11)]);
    expect(nodesToRead(graph, new Map([...first, [idOf(11), null]]))).toEqual([]);
  });
});

describe('CLONE', () => {
  const ran = placedNode(2, [1], {
    node_running_status: 'SUCCESS',
    outputs: [{ name: 'out', file_type: 'file', resource_id: 'r' }],
    logs: [{ name: 'stdout', file_type: 'file', resource_id: 'l' }],
    cache_url: 'https://x/graphs/1',
    x: 7,
  });

  it('forgets what ran and keeps what was made', () => {
    const graph = { ...graphOf(placedFile(1), ran), graph_running_status: 'SUCCESS' as const };
    const clone = cloneGraph(graph, { id: idOf(77), author: idOf(88) });
    expect(clone).toMatchObject({
      _id: idOf(77),
      author: idOf(88),
      graph_running_status: 'CREATED',
      title: graph.title,
    });
    expect(clone.nodes[0]).toEqual(graph.nodes[0]);
    expect(clone.nodes[1]).toMatchObject({
      _id: ran._id,
      x: 7,
      cache_url: ran.cache_url,
      node_running_status: 'CREATED',
    });
    expect(JSON.stringify(clone.nodes[1])).not.toContain('"resource_id":"');
    expect(graph.nodes[1]).toBe(ran);
  });
  it('is idempotent', () => expect(asNotRun(asNotRun(ran))).toEqual(asNotRun(ran)));
  it.each([1000, 10_000])('clones %i nodes', (n) => {
    const graph = chainOf(n);
    expect(cloneGraph(graph, { id: idOf(1), author: idOf(2) }).nodes).toHaveLength(n);
  });
});

it('a read shows the state of the stored nodes', () => {
  const graph = graphOf(placedFrom(1, 10), placedFrom(2, 20), placedNode(3, [], { parent_node: null }));
  const shown = withStoredStatuses(graph, new Map([[idOf(10), 'MANDATORY_DEPRECATED']]));
  expect(shown.nodes.map(({ node_status }) => node_status)).toEqual(['MANDATORY_DEPRECATED', 'READY', 'READY']);
});
