import { expect, it } from 'vitest';
import { readSearchString, searchOrder } from '../../../src/plynx/document/search-string.rules';

it.each<[string, Record<string, string>, string[]]>([
  ['', {}, []],
  ['upper', {}, ['upper']],
  ['author:default ', { author: 'default' }, []],
  ['Upper author:default  sort:starred x-ray', { author: 'default', sort: 'starred' }, ['upper', 'x', 'ray']],
  ['order:title desc:0', { order: 'title', desc: '0' }, []],
  ['a: b :c', {}, ['a', 'b', 'c']],
  ['author:a author:b', { author: 'b' }, []],
  ['__proto__:x', JSON.parse('{"__proto__": "x"}') as Record<string, string>, []],
  ['größe 日本 größe', {}, ['größe', '日本']],
  ["' OR 1=1 --", {}, ['or', '1']],
  ['%_%', {}, ['_']],
])('%j', (text, filters, words) => {
  expect(readSearchString(text)).toEqual({ kind: 'search', filters: new Map(Object.entries(filters)), words });
});

it.each(['a:b:c', 'x author:a:b'])('%j has too many colons', (text) => {
  expect(readSearchString(text)).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('more than one colon'),
  });
});

// In the square of its length it would take minutes.
it('reads a megabyte', () => {
  readSearchString('a:b '.repeat(250_000));
  readSearchString('x'.repeat(1_000_000));
});

it.each([
  [{}, { field: 'insertion_date', descending: true, starredFirst: false }],
  [{ order: 'update_date' }, { field: 'update_date', descending: true, starredFirst: false }],
  [
    { order: 'title', desc: '0' },
    { field: 'title', descending: false, starredFirst: false },
  ],
  [{ desc: 'No' }, { field: 'insertion_date', descending: false, starredFirst: false }],
  [{ desc: 'zz' }, { field: 'insertion_date', descending: true, starredFirst: false }],
  [{ order: 'author; DROP TABLE' }, { field: 'insertion_date', descending: true, starredFirst: false }],
  [{ sort: 'starred' }, { field: 'insertion_date', descending: true, starredFirst: true }],
])('%j orders by %j', (filters, order) => expect(searchOrder(new Map(Object.entries(filters)))).toEqual(order));
