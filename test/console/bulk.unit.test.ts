import { expect, test } from 'vitest';
import { counted, partsOf, undoParts } from '../../console/src/bulk/bulk.rules.ts';

test('partsOf sends at most 50 objects a request, each once', () => {
  const ids = Array.from({ length: 101 }, (_, number) => `key_${number}`);
  const parts = partsOf(ids, 'off');
  expect(parts.map((part) => [part.ids.length, part.change])).toEqual([
    [50, 'off'],
    [50, 'off'],
    [1, 'off'],
  ]);
  expect(parts.flatMap((part) => part.ids)).toEqual(ids);
  expect(partsOf([], 'off')).toEqual([]);
});

test('undoParts takes back what changed, with equal changes in one request', () => {
  const changed = (id: string, undo: object | null) => ({ id, done: true, message: null, undo });
  const [shop, none] = [
    { do: 'move', folder: 'shop' },
    { do: 'move', folder: '' },
  ];
  expect(undoParts([changed('a', shop), changed('b', none), changed('c', null), changed('d', { ...shop })])).toEqual([
    { ids: ['a', 'd'], change: shop },
    { ids: ['b'], change: none },
  ]);
});

test('counted says one or several, with separators of thousands', () => {
  expect([1, 0, 1000].map((count) => counted(count, ['key', 'keys']))).toEqual(['1 key', '0 keys', '1,000 keys']);
});
