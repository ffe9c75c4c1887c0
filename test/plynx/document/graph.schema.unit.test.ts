import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newGraph, parseGraph, parseNode } from '../../../src/plynx/document/graph.schema';
import { meshOf } from './graph-samples';
import { newObjectId } from '../../../src/plynx/document/object-id.rules';

const ID = '5d0000000000000000000001';
const node = (posted: unknown) => {
  const read = parseNode(posted, () => ID);
  if (read.kind === 'refused') throw new Error(read.message);
  return read.value;
};
const refusal = (posted: unknown) => {
  const read = parseNode(posted, () => ID);
  return read.kind === 'parsed' ? 'accepted' : read.message;
};
it.each(['inputs', 'outputs', 'logs', 'parameters'])('takes at most 500 %s', (field) => {
  const slots = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `n${i}`, file_type: 'file' }));
  expect(refusal({ [field]: slots(500) })).toBe('accepted');
  expect(refusal({ [field]: slots(501) })).toBe(`${field}: must have at most 500 items`);
});

const parameter = (type: unknown, value?: unknown) => ({ name: 'p', parameter_type: type, value });

describe('defaults', () => {
  it('fills an empty node', () => {
    expect(node({})).toEqual({
      _id: ID,
      title: 'Title',
      description: 'Description',
      base_node_name: 'bash_jinja2',
      parent_node: null,
      successor_node: null,
      inputs: [],
      outputs: [],
      parameters: [],
      logs: [],
      node_running_status: 'CREATED',
      node_status: 'CREATED',
      cache_url: '',
      x: 0,
      y: 0,
      author: null,
      starred: false,
    });
  });
  it('fills inputs, links, outputs and parameters', () => {
    const read = node({ inputs: [{ values: [{}] }], outputs: [{}], parameters: [{}] });
    expect(read.inputs).toEqual([
      {
        name: '',
        file_types: [],
        values: [{ node_id: '', output_id: '', resource_id: '' }],
        min_count: 1,
        max_count: 1,
      },
    ]);
    expect(read.outputs).toEqual([{ name: '', file_type: '', resource_id: null }]);
    expect(read.parameters).toEqual([
      {
        name: '',
        parameter_type: 'str',
        value: '',
        mutable_type: true,
        removable: true,
        publicable: true,
        widget: null,
      },
    ]);
  });
  it('takes null for missing', () => {
    expect(node({ _id: null, title: null, x: null, inputs: null, starred: null })).toEqual(node({}));
  });
  it('drops what it does not know', () => {
    expect(node(JSON.parse('{"extra": 1, "__proto__": {"x": 9}, "constructor": 2}'))).toEqual(node({}));
  });
  it('a new graph reads back as it is', () => {
    expect(parseGraph(newGraph(ID))).toEqual({ kind: 'parsed', value: newGraph(ID) });
    expect(parseGraph({}, () => ID)).toEqual({ kind: 'parsed', value: newGraph(ID) });
  });
});

describe('coercions', () => {
  it('reads numbers, texts and flags as Python does', () => {
    expect(node({ x: '7', y: 2.9, title: 5, description: true, starred: 'false' })).toMatchObject({
      x: 7,
      y: 2,
      title: '5',
      description: 'True',
      starred: true,
    });
  });
  it.each([
    ['str', 'a', 'a'],
    ['str', undefined, ''],
    ['text', null, ''],
    ['int', '7', '7'],
    ['int', 7, 7],
    ['int', true, true],
    ['bool', false, false],
    ['bool', 2, 2],
    ['list_str', ['a'], ['a']],
    ['list_int', [1, '2', true], [1, '2', 1]],
    ['enum', undefined, { values: [], index: -1 }],
    ['enum', { values: ['a', 1], index: 1 }, { values: ['a', '1'], index: '1' }],
    ['code', undefined, { value: '', mode: 'python' }],
    ['code', { value: 'x', mode: 'sh', more: 1 }, { value: 'x', mode: 'sh' }],
  ])('%s %j is %j', (type, value, stored) => {
    expect(node({ parameters: [parameter(type, value)] }).parameters[0]!.value).toEqual(stored);
  });
  it('keeps a widget by its alias', () => {
    const widgets = node({ parameters: [{ widget: { alias: 'N', more: 1 } }, { widget: {} }] }).parameters;
    expect(widgets.map(({ widget }) => widget)).toEqual([{ alias: 'N' }, { alias: '' }]);
  });
  it('puts an id into lower case', () => {
    expect(node({ _id: 'ABCDEF000000000000000001' })._id).toBe('abcdef000000000000000001');
  });
});

describe('refusals', () => {
  it.each([
    [{ parameters: [parameter('int', 'abc')] }, 'Invalid parameter value type: p: abc'],
    [{ parameters: [parameter('weird', 'abc')] }, 'Invalid parameter value type: p: abc'],
    [{ parameters: [parameter('int')] }, 'Invalid parameter value type: p: None'],
    [{ parameters: [parameter('bool', 'true')] }, 'Invalid parameter value type: p: true'],
    [{ parameters: [parameter('str', 5)] }, 'Invalid parameter value type: p: 5'],
    [{ parameters: [parameter('list_int', [1.5, 'x'])] }, "Invalid parameter value type: p: [1.5, 'x']"],
    [{ parameters: [parameter('enum', { values: 'ab' })] }, "Invalid parameter value type: p: {'values': 'ab'}"],
    [{ parameters: [parameter('code', 'x')] }, 'Invalid parameter value type: p: x'],
    [{ x: 'abc' }, "invalid literal for int() with base 10: 'abc'"],
    [{ node_status: 'NOPE' }, "'NOPE' is not one of CREATED, READY, DEPRECATED, MANDATORY_DEPRECATED"],
    [{ inputs: 'abc' }, 'inputs: must be a list'],
    [[], 'document: must be an object'],
    [null, 'document: must be an object'],
  ])('%j: %s', (posted, message) => expect(refusal(posted)).toBe(message));

  it.each(['zzz', '__proto__', '', 5, '5d000000000000000000000g', {}])('an id %j', (id) => {
    expect(refusal({ _id: id })).toMatch(/is not a valid ObjectId, it must be a 12-byte input or a 24-character hex/);
    expect(refusal({ parent_node: id })).toMatch(/is not a valid ObjectId/);
    expect(parseGraph({ nodes: [{ _id: id }] }).kind).toBe('refused');
  });
});

it('parsing never throws for any input, and reads its own output back unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      for (const posted of [a, { nodes: [a, b] }, { title: a, nodes: [{ parameters: [{ value: b }], x: a }] }]) {
        const read = parseGraph(posted, () => ID);
        if (read.kind === 'refused') continue;
        const stored = JSON.stringify(read.value);
        expect(JSON.stringify(parseGraph(JSON.parse(stored)))).toBe(`{"kind":"parsed","value":${stored}}`);
      }
    }),
  );
});

it('makes ids that begin with the second and differ', () => {
  expect(newObjectId(0x6b02f104 * 1000, new Uint8Array(8))).toBe('6b02f1040000000000000000');
  expect(new Set(Array.from({ length: 1000 }, () => newObjectId(0))).size).toBe(1000);
});

it('reads 10,000 nodes', () => {
  const posted = JSON.parse(JSON.stringify(meshOf(10_000))) as unknown;
  const read = parseGraph(posted);
  expect(read.kind === 'parsed' && read.value.nodes).toHaveLength(10_000);
});

it('a value nested 200,000 deep or 10 MB long gets a short answer', () => {
  const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
  for (const value of [deep, 'x'.repeat(10_000_000)]) {
    for (const posted of [
      { x: value },
      { _id: value },
      { node_status: value },
      { parameters: [parameter('int', value)] },
    ]) {
      expect(refusal(posted).length).toBeLessThan(400);
    }
  }
});
