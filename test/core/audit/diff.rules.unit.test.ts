import { expect, test } from 'vitest';
import { diff, isEmpty } from '../../../src/core/audit/diff.rules';

const one = (from: unknown, to: unknown) => diff({ a: from }, { a: to });

test.each<[string, unknown, unknown, object]>([
  ['the same', { b: [1, { c: 'x' }] }, { b: [1, { c: 'x' }] }, {}],
  ['another order of fields', { b: 1, c: 2 }, { c: 2, b: 1 }, {}],
  ['nothing and null', { b: 1 }, { b: 1, c: null, d: undefined }, {}],
  ['a value', 1, 2, { a: { from: 1, to: 2 } }],
  ['a field of a field', { b: { c: 1, d: 2 } }, { b: { c: 1, d: 3 } }, { 'a.b.d': { from: 2, to: 3 } }],
  ['a field that goes', { b: 1, c: 2 }, { b: 1 }, { 'a.c': { from: 2, to: null } }],
  ['a list of texts', ['x'], ['x', 'y'], { a: { from: ['x'], to: ['x', 'y'] } }],
  ['an object for a value', null, { b: 1 }, { a: { from: null, to: { b: 1 } } }],
  [
    'a thing of a list',
    [{ id: 'p', n: 1 }, { id: 'q', n: 1 }],
    [{ id: 'p', n: 1 }, { id: 'q', n: 2 }],
    { 'a.q.n': { from: 1, to: 2 } },
  ],
  [
    'things that come and go',
    [{ id: 'p' }, { id: 'q' }],
    [{ id: 'q' }, { id: 'r' }],
    { 'a.p': { from: { id: 'p' }, to: null }, 'a.r': { from: null, to: { id: 'r' } } },
  ],
  [
    'things in another order',
    [{ id: 'p' }, { id: 'q' }],
    [{ id: 'q' }, { id: 'p' }],
    { a: { from: [{ id: 'p' }, { id: 'q' }], to: [{ id: 'q' }, { id: 'p' }] } },
  ],
  ['things without ids', [{ n: 1 }], [{ n: 2 }], { a: { from: [{ n: 1 }], to: [{ n: 2 }] } }],
  ['two things of one id', [{ id: 'p' }, { id: 'p' }], [{ id: 'p' }], { a: { from: [{ id: 'p' }, { id: 'p' }], to: [{ id: 'p' }] } }],
])('%s', (_name, from, to, changes) => {
  expect(one(from, to)).toEqual(changes);
  expect(isEmpty(one(from, to))).toBe(Object.keys(changes).length === 0);
}); // oxfmt-ignore

test('fields absent from the change keep their value', () => {
  expect(diff({ a: 1, b: 2 }, { b: 3 })).toEqual({ b: { from: 2, to: 3 } });
});
