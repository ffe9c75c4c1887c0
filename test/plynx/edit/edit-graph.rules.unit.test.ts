import { describe, expect, it } from 'vitest';
import { bindParameters, aliasesOf } from '../../../src/plynx/publish/bind-parameters.rules';
import { cacheKeyText, isCacheable } from '../../../src/plynx/run/cache-key.rules';
import { createLink, type Edited, insertNode, removeLink, removeNode } from '../../../src/plynx/edit/edit-graph.rules';
import { changeParameter, patchGraph } from '../../../src/plynx/edit/change-values.rules';
import { type Graph, parseGraph } from '../../../src/plynx/document/graph.schema';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import type { Node } from '../../../src/plynx/document/node.schema';
import { graphOf, idOf, placedNode } from '../document/graph-samples';

const end = (n: number, name: string) => ({ nodeId: idOf(n), name });
const taking = (over: Partial<Node['inputs'][number]>) => [{ ...placedNode(1).inputs[0]!, ...over }];
const GRAPH = graphOf(
  placedNode(1, [], { outputs: [{ name: 'out', file_type: 'csv', resource_id: null }] }),
  placedNode(2, [1]),
  placedNode(3, [1], { inputs: taking({ file_types: ['json'], max_count: 2 }) }),
  placedNode(4, [], { inputs: taking({ file_types: ['csv'], max_count: 1 }) }),
);
const links = (result: Edited, at: number) =>
  result.kind === 'edited'
    ? result.graph.nodes[at]!.inputs[0]!.values.map(({ node_id, output_id }) => `${node_id.slice(-1)}.${output_id}`)
    : result;

describe('links', () => {
  it('are stored at the consumer', () => {
    expect(links(createLink(GRAPH, end(1, 'out'), end(4, 'in')), 3)).toEqual(['1.out']);
    expect(links(createLink(GRAPH, end(4, 'out'), end(2, 'in')), 1)).toEqual(['1.out', '4.out']);
    expect(GRAPH.nodes[3]!.inputs[0]!.values).toEqual([]);
  });
  it('are removed', () => expect(links(removeLink(GRAPH, end(1, 'out'), end(2, 'in')), 1)).toEqual([]));

  const full = createLink(GRAPH, end(1, 'out'), end(4, 'in')) as { graph: Graph };
  it.each<[string, Edited, string, string]>([
    ['a node that is not there', createLink(GRAPH, end(9, 'out'), end(2, 'in')), 'absent', 'Node was not found'],
    [
      'an output that is not there',
      createLink(GRAPH, end(1, '__proto__'), end(2, 'in')),
      'absent',
      'Input or output not found',
    ],
    [
      'an input that is not there',
      createLink(GRAPH, end(1, 'out'), end(2, 'nope')),
      'absent',
      'Input or output not found',
    ],
    ['types that do not fit', createLink(GRAPH, end(1, 'out'), end(3, 'in')), 'invalid', 'Incompatible types'],
    [
      'a full input, before a duplicate',
      createLink(full.graph, end(1, 'out'), end(4, 'in')),
      'invalid',
      'Number of inputs reached the limit',
    ],
    ['a duplicate', createLink(GRAPH, end(1, 'out'), end(2, 'in')), 'invalid', 'Link already exists'],
    ['oneself', createLink(GRAPH, end(2, 'out'), end(2, 'in')), 'invalid', 'Duplicated node ids found'],
    ['removing what is not linked', removeLink(GRAPH, end(4, 'out'), end(2, 'in')), 'absent', 'Link not found'],
  ])('refuses %s', (_, result, kind, message) => expect(result).toEqual({ kind, message }));
});

describe('nodes', () => {
  it('a stored node is placed under its own id, as not run', () => {
    const stored = placedNode(50, [], { parent_node: null, node_running_status: 'SUCCESS' });
    const result = insertNode(GRAPH, stored, { id: idOf(60), x: 1, y: 2 });
    expect(result).toMatchObject({
      kind: 'edited',
      node: { _id: idOf(60), parent_node: idOf(50), x: 1, y: 2, node_running_status: 'CREATED' },
    });
    expect(result.kind === 'edited' && result.graph.nodes).toHaveLength(5);
  });
  it('a removed node takes its links along', () => {
    const result = removeNode(GRAPH, idOf(1));
    expect(links(result, 0)).toEqual([]);
    expect(removeNode(GRAPH, 'constructor')).toEqual({ kind: 'absent', message: 'Node was not found' });
  });
  it('a parameter changes when its type allows', () => {
    const change = (name: string, value: unknown) => changeParameter(GRAPH, idOf(2), name, value);
    const timeout = (result: Edited) => result.kind === 'edited' && result.graph.nodes[1]!.parameters[2]!.value;
    expect(timeout(change('_timeout', 5))).toBe(5);
    expect(timeout(change('nope', 5))).toBe(600);
    expect(change('_timeout', 'abc')).toEqual({
      kind: 'invalid',
      message: 'Invalid parameter value type: _timeout: abc',
    });
    expect(changeParameter(GRAPH, idOf(9), '_timeout', 5).kind).toBe('absent');
  });
});

describe('PATCH', () => {
  it('changes title, description and nodes, and nothing else', () => {
    const part = { title: 'New', _id: idOf(5), author: idOf(6), graph_running_status: 'SUCCESS', foo: 1 };
    const read = parseGraph(GRAPH);
    expect(patchGraph(GRAPH, part)).toEqual({
      kind: 'parsed',
      value: { ...(read.kind === 'parsed' && read.value), title: 'New' },
    });
    expect(patchGraph(GRAPH, { nodes: [] })).toEqual({ kind: 'parsed', value: { ...GRAPH, nodes: [] } });
    expect(patchGraph(GRAPH, { nodes: [{ x: 'abc' }] }).kind).toBe('refused');
  });
});

describe('parameters of a published graph', () => {
  const enumeration = { values: ['a', 'b'], index: '0' };
  const shared = (n: number): Node => ({
    ...placedNode(n),
    parameters: [
      { ...newNode('python').parameters[2]!, name: 'n', value: 1, widget: { alias: 'N' } },
      {
        ...newNode('python').parameters[0]!,
        parameter_type: 'enum',
        name: 'e',
        value: enumeration,
        widget: { alias: 'kind' },
      },
      { ...newNode('python').parameters[0]!, name: 'code', widget: { alias: 'code' } },
      { ...newNode('python').parameters[2]!, name: 'private' },
    ],
  });
  const graph = graphOf(shared(1), shared(2));
  const values = (given: Record<string, unknown>) => {
    const bound = bindParameters(graph, new Map(Object.entries(given)));
    return bound.kind === 'bound'
      ? bound.graph.nodes.map(({ parameters }) => parameters.map(({ value }) => value))
      : bound.issues;
  };

  it('have each alias once', () => expect(aliasesOf(graph)).toEqual(['N', 'kind', 'code']));
  it('are set at every place of the alias, and kept without a value', () => {
    const row = [7, enumeration, { value: 'set -e\n\n', mode: 'sh' }, 600];
    expect(values({ N: 7, private: 1, __proto__: 1 })).toEqual([row, row]);
  });
  it('an enum takes one of its texts, code takes text', () => {
    expect(values({ kind: 'b', code: 'ls' })).toEqual(
      Array(2).fill([1, { values: ['a', 'b'], index: '1' }, { value: 'ls', mode: 'sh' }, 600]),
    );
  });
  it('an issue is reported for every invalid value', () => {
    expect(values({ N: 'x', kind: 'c' })).toEqual([
      { alias: 'N', message: 'must be a whole number' },
      { alias: 'kind', message: 'must be one of "a", "b"' },
      { alias: 'N', message: 'must be a whole number' },
      { alias: 'kind', message: 'must be one of "a", "b"' },
    ]);
  });
});

describe('the cache key', () => {
  const link = (resource_id: string) => ({ node_id: idOf(1), output_id: 'out', resource_id });
  const base = placedNode(5, [], { inputs: taking({ values: [link('a'), link('b')] }) });
  const changed = (name: string, value: Node['parameters'][number]['value']) => ({
    ...base,
    parameters: base.parameters.map((one) => (one.name === name ? { ...one, value } : one)),
  });

  it.each<[string, Node, string, boolean]>([
    ['the same node elsewhere', { ...base, _id: idOf(6), x: 5, title: 'T', description: 'D' }, 'u', true],
    ['another time limit', changed('_timeout', 1), 'u', true],
    ['parameters in another order', { ...base, parameters: [...base.parameters].reverse() }, 'u', true],
    ['another command', changed('cmd', { value: 'ls', mode: 'sh' }), 'u', false],
    ['another input', { ...base, inputs: taking({ values: [link('a'), link('c')] }) }, 'u', false],
    ['the inputs in another order', { ...base, inputs: taking({ values: [link('b'), link('a')] }) }, 'u', false],
    ['another stored node', { ...base, parent_node: idOf(7) }, 'u', false],
    ['another user', base, 'v', false],
    ['another output', { ...base, outputs: [] }, 'u', false],
  ])('of %s', (_, node, user, same) => expect(cacheKeyText(node, user) === cacheKeyText(base, 'u')).toBe(same));
  it('counts how operations are executed, so that results of before are not taken over', () => {
    const [execution, ...rest] = JSON.parse(cacheKeyText(base, 'u')) as unknown[];
    expect([execution, rest[0]]).toEqual([2, base.base_node_name]);
  });

  it.each([
    [true, true],
    [1, true],
    [false, false],
    [0, false],
  ])('a node with cacheable %j is kept: %s', (value, expected) =>
    expect(isCacheable(changed('cacheable', value))).toBe(expected),
  );
  it('a node without the flag is not cached', () => expect(isCacheable({ ...base, parameters: [] })).toBe(false));
});
