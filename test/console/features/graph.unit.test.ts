import { describe, expect, it, test } from 'vitest';
import {
  change,
  freePlace,
  inOrder,
  issuesOf,
  moveIn,
  nameOfEnd,
  targetsOf,
} from '../../../console/src/features/graph/graph-document.rules';
import { fileTypeOf } from '../../../console/src/features/graph/file-types.rules';
import { begin, push, redo, undo } from '../../../console/src/features/graph/history.rules';
import { parameterText, readParameterText } from '../../../console/src/features/graph/parameter-text.rules';
import { jsonOf, rowsOf } from '../../../console/src/features/graph/preview.rules';
import { slugOf } from '../../../console/src/features/graph/slug.rules';
import { stateWord } from '../../../console/src/features/graph/state-word.rules';
import type { GraphParameter } from '../../../src/plynx/document/parameter.schema';
import { createLink, removeNode } from '../../../src/plynx/edit/edit-graph.rules';
import { idOf, placedFile, placedNode } from '../../plynx/document/graph-samples';

const doc = {
  title: 'T',
  description: 'D',
  nodes: [placedNode(2, [1]), placedNode(1, [0]), placedFile(0), placedNode(3)],
};
const from = { nodeId: idOf(2), name: 'out' };

describe('the document of a graph', () => {
  it('lists its nodes in the order in which they can run, with their level', () => {
    expect(inOrder(doc).map(({ node, level }) => [node.title, level])).toEqual([
      ['File 0', 0],
      ['Node 3', 0],
      ['Node 1', 1],
      ['Node 2', 2],
    ]);
  });

  it('offers the inputs that an output can be connected to: not its own, not one that is linked, not a full one', () => {
    const full = { ...placedNode(4), inputs: [{ ...placedNode(4, [0]).inputs[0]!, max_count: 1 }] };
    const targets = targetsOf({ ...doc, nodes: [...doc.nodes, full] }, { nodeId: idOf(0), name: 'out' });
    expect(targets.map(({ title }) => title)).toEqual(['Node 2', 'Node 3']);
    expect(targetsOf(doc, { nodeId: idOf(77), name: 'out' })).toEqual([]);
  });

  it('is changed by the rules of the service, which say why not', () => {
    const linked = change(doc, (graph) => createLink(graph, from, { nodeId: idOf(3), name: 'in' }));
    expect(linked).toMatchObject({ title: 'T', nodes: [{}, {}, {}, { inputs: [{ values: [{ node_id: idOf(2) }] }] }] });
    expect(change(doc, (graph) => createLink(graph, from, { nodeId: idOf(2), name: 'in' }))).toBe(
      'Duplicated node ids found',
    );
    const removed = change(doc, (graph) => removeNode(graph, idOf(1)));
    expect(removed).toMatchObject({ nodes: [{ inputs: [{ values: [] }] }, {}, {}] });
  });

  it('has the issues of the service, each at its node', () => {
    const missing = { ...placedNode(5), inputs: [{ ...placedNode(5).inputs[0]!, min_count: 1 }] };
    expect(issuesOf({ ...doc, title: '', nodes: [...doc.nodes, missing] })).toEqual([
      { nodeId: null, part: 'property', name: 'title', code: 'MISSING_PARAMETER', message: 'required' },
      { nodeId: idOf(5), part: 'input', name: 'in', code: 'MISSING_INPUT', message: 'needs more links' },
    ]);
    const cycle = { ...doc, nodes: [placedNode(1, [2]), placedNode(2, [1])] };
    expect(issuesOf(cycle).map(({ nodeId, code }) => [nodeId, code])).toEqual([
      [idOf(1), 'CYCLE_DETECTED'],
      [idOf(2), 'CYCLE_DETECTED'],
    ]);
    expect(inOrder(cycle).map(({ level }) => level)).toEqual([-1, -1]);
  });

  it('moves to whole places, and stays the same where nothing moves', () => {
    expect(moveIn(doc, new Map([[idOf(3), { x: 0.4, y: -0.4 }]]))).toBe(doc);
    expect(moveIn(doc, new Map([[idOf(3), { x: 10.6, y: 2 }]])).nodes[3]).toMatchObject({ x: 11, y: 2 });
    expect(freePlace(doc, idOf(3))).toEqual({ x: 320, y: 0 });
    expect(freePlace(moveIn(doc, new Map([[idOf(2), { x: 320, y: 0 }]])), idOf(3))).toEqual({ x: 320, y: 160 });
    expect(nameOfEnd(doc, from)).toBe('Node 2.out');
  });
});

test('a history goes back and forth, takes what is typed back at once, and drops what is redone after a change', () => {
  const typed = push(push(push(begin('a'), 'b'), 'bc', true), 'd');
  const back = undo(undo(typed));
  expect([undo(typed).now, back.now, undo(back).now, redo(redo(back)).now]).toEqual(['bc', 'a', 'a', 'd']);
  expect(push(back, 'x').future).toEqual([]);
  let long = begin(0);
  for (let n = 1; n < 500; n++) long = push(long, n);
  expect(long.past.length).toBe(100);
});

const parameter = (parameter_type: GraphParameter['parameter_type'], value: GraphParameter['value']) => ({
  parameter_type,
  value,
});
it.each([
  [parameter('int', 5), '5', '-12', -12],
  [parameter('int', 5), '5', '1.5', null],
  [parameter('list_str', ['a', 'b']), 'a\nb', 'x\n', ['x', '']],
  [parameter('list_int', [1, 2]), '1\n2', '3\n\n4', [3, 4]],
  [parameter('list_int', [1]), '1', 'x', null],
  [parameter('code', { value: 'x', mode: 'sh' }), 'x', 'y', { value: 'y', mode: 'sh' }],
  [parameter('enum', { values: ['a', 'b'], index: '1' }), 'b', 'b', 'b'],
  [parameter('str', 'a'), 'a', '', ''],
] as const)('a parameter %j is %s as text, and %s is read as its value', (one, text, next, value) => {
  expect(parameterText(one)).toBe(text);
  expect(readParameterText(one, next)).toEqual(value);
});

test('values in lines are read with their quotes, at most 200 rows of 50 cells', () => {
  expect(rowsOf('a,"b, ""c""\nd"\r\n,\n', ',')).toEqual([
    ['a', 'b, "c"\nd'],
    ['', ''],
  ]);
  expect(rowsOf('a\tb', '\t')).toEqual([['a', 'b']]);
  const many = rowsOf(`${'x,'.repeat(60)}\n`.repeat(300), ',');
  expect([many.length, many[0]!.length]).toEqual([200, 50]);
  expect([jsonOf('{"a":1}'), jsonOf('{')]).toEqual([{ a: 1 }, undefined]);
  expect(['a.CSV', 'b.zip', 'c.jpeg', 'd'].map(fileTypeOf)).toEqual(['csv', 'directory', 'image', 'file']);
  expect([slugOf('Sum of digits!'), slugOf('…')]).toEqual(['sum-of-digits', 'graph']);
});

test('one word says what becomes of a change', () => {
  const graph = { isOwn: true, status: 'CREATED', author: 'ada', revision: 4 };
  const state = { nodes: [{ endedAt: null }, { endedAt: 'x' }] };
  const still = { isEditable: true, isDirty: false, isSaving: false, isFull: false, theirs: null, graph, state };
  expect(
    [
      still,
      { ...still, isDirty: true },
      { ...still, isDirty: true, isFull: true },
      { ...still, isDirty: true, isSaving: true },
      { ...still, isDirty: true, theirs: { revision: 5 } },
      { ...still, isEditable: false, graph: { ...graph, isOwn: false } },
      { ...still, isEditable: false, graph: { ...graph, status: 'RUNNING' } },
    ].map(stateWord),
  ).toEqual([
    'Saved, revision 4',
    'Draft, kept on this machine',
    'Not kept: storage is full',
    'Saving…',
    'Conflict: revision 5 was saved',
    'Read-only: it belongs to ada',
    'Approved, read-only. 1 of 2 started nodes have ended',
  ]);
});
