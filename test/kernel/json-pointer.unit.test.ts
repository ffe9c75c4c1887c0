import { expect, test } from 'vitest';
import { followPointer, pointerSegment } from '../../src/kernel/json-pointer';

test('a segment escapes ~ before /, so that no two names have the same pointer', () => {
  expect(['a/b', 'a~1b', '~', '', 0].map(pointerSegment)).toEqual(['/a~1b', '/a~01b', '/~0', '/', '/0']);
});

test('a pointer made of segments leads back to its value', () => {
  const json = { 'a/b': [{ '~1': 'found' }], '': 1 };
  const pointer = ['a/b', 0, '~1'].map(pointerSegment).join('');
  expect(followPointer(json, pointer)).toEqual({ path: ['a/b', 0, '~1'], value: 'found' });
  expect(followPointer(json, '/')).toEqual({ path: [''], value: 1 });
  expect(followPointer(json, '')).toEqual({ path: [], value: json });
});

test('a pointer to nothing has a path and no value', () => {
  expect(followPointer({ a: 'text' }, '/a/b/c')).toEqual({ path: ['a', 'b', 'c'], value: undefined });
});
