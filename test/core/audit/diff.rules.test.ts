import { expect, it } from 'vitest';
import { diff } from '../../../src/core/audit/audit-row';

it.each<[Record<string, unknown>, Record<string, unknown>, object]>([
  [{ a: 1, b: 2 }, { a: 1 }, {}],
  [{ a: 1 }, { a: 2 }, { a: { from: 1, to: 2 } }],
  [{}, { a: 2 }, { a: { from: null, to: 2 } }],
  [{ a: undefined }, { a: null }, {}],
  [{ a: { x: 1, y: [1] } }, { a: { y: [1], x: 1 } }, {}],
  [{ a: { x: 1, y: 2 } }, { a: { x: 1, y: 3 } }, { 'a.y': { from: 2, to: 3 } }],
  [{ a: { x: { z: 1 } } }, { a: { x: { z: 2 } } }, { 'a.x.z': { from: 1, to: 2 } }],
  [{ a: { x: 1 } }, { a: {} }, { 'a.x': { from: 1, to: null } }],
  [{ a: { x: 1 } }, { a: { x: 1, y: 2 } }, { 'a.y': { from: null, to: 2 } }],
  [{ a: null }, { a: { x: 1 } }, { a: { from: null, to: { x: 1 } } }],
  [{ a: { x: 1 } }, { a: null }, { a: { from: { x: 1 }, to: null } }],
  [{ a: [1, 2] }, { a: [2, 1] }, { a: { from: [1, 2], to: [2, 1] } }],
  [{ a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] }, {}],
])('%j to %j', (before, after, expected) => expect(diff(before, after)).toEqual(expected));
