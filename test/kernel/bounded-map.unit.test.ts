import { expect, test } from 'vitest';
import { boundedMap } from '../../src/kernel/bounded-map';

test('a full map drops its oldest entry for a new one, and none for a known one', () => {
  const map = boundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect([map.get('a'), map.get('b')]).toEqual([3, 2]);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 4]);
});
