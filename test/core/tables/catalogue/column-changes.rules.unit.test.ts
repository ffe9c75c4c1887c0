import { expect, test } from 'vitest';
import { columnChanges } from '../../../../src/core/tables/catalogue/column-changes.rules';
import type { Column } from '../../../../src/core/tables/catalogue/column.schema';

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  required: false,
  unique: false,
  default: null,
  ...more,
});
const changesOf = (stored: Column[], wanted: Column[], formerNames = {}) => {
  const { renameColumns, dropColumns, addColumns, issues } = columnChanges(stored, wanted, formerNames);
  return [renameColumns, dropColumns, addColumns.map(({ name }) => name), issues.map(({ pointer }) => pointer)];
};
const NONE = [{}, [], [], []];

test('the order of columns is no change', () => {
  expect(changesOf([column('a'), column('b')], [column('b'), column('a')])).toEqual(NONE);
});

test('columns are added, dropped and renamed by their names', () => {
  const stored = [column('a'), column('b')];
  expect(changesOf(stored, [column('a'), column('c')])).toEqual([{}, ['b'], ['c'], []]);
  expect(changesOf(stored, [column('a'), column('c')], { c: 'b' })).toEqual([{ b: 'c' }, [], [], []]);
});

test('a former name that no column has, or whose column was renamed already, means nothing', () => {
  expect(changesOf([column('a')], [column('a'), column('c')], { c: 'x' })).toEqual([{}, [], ['c'], []]);
  expect(changesOf([column('c')], [column('c')], { c: 'b' })).toEqual(NONE);
  // The former name may be taken again: the new column then is another.
  expect(changesOf([column('b'), column('c')], [column('c'), column('b')], { c: 'b' })).toEqual(NONE);
});

test('a definition that differs is an issue, after a rename too', () => {
  const stored = [column('a'), column('b', { default: 1, type: 'integer' })];
  expect(changesOf(stored, [column('a', { required: true }), column('b')])[3]).toEqual(['#/columns/0', '#/columns/1']);
  expect(changesOf(stored, [column('a'), column('c')], { c: 'b' })[3]).toEqual(['#/columns/1']);
});
