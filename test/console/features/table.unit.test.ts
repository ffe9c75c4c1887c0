import { describe, expect, it, test } from 'vitest';
import { cellText, readCell } from '../../../console/src/features/table/rows/cell.rules';
import { move } from '../../../console/src/features/table/rows/grid-keys.rules';
import {
  conditionText,
  nextOrder,
  parseWhere,
  printWhere,
  toCondition,
} from '../../../console/src/features/table/rows/row-filter.rules';
import { lineInFile, splitFile } from '../../../console/src/features/table/rows/split-file.rules';

describe('a cell', () => {
  it.each<[string, string, unknown]>([
    ['text', 'a', 'a'],
    ['text', '', null],
    ['integer', '12', 12],
    ['number', '-1.5e3', -1500],
    ['integer', 'many', 'many'],
    ['integer', '0x10', '0x10'],
    ['integer', '9007199254740991', 9007199254740991],
    ['number', '9007199254740993.5', 9007199254740994],
    ['number', '1e400', '1e400'],
    ['boolean', 'true', true],
    ['boolean', 'yes', 'yes'],
    ['json', '{"a":[1]}', { a: [1] }],
    ['date', '2026-11-26', '2026-11-26'],
  ])('of the type %s reads %j as %j', (type, text, value) => {
    expect(readCell(type, text)).toEqual({ value });
  });

  it.each([
    ['integer', '9007199254740993'],
    ['number', ' -9007199254740993 '],
    ['json', '{"id": [9007199254740993]}'],
  ])('of the type %s does not round %s', (type, text) => {
    expect(readCell(type, text)).toEqual({ issue: expect.stringContaining('would be rounded') });
  });

  it('says that a text is no JSON', () => {
    expect(readCell('json', '{')).toEqual({ issue: expect.stringContaining('must be JSON') });
  });

  it.each([
    [null, ''],
    ['a', 'a'],
    [3, '3'],
    [false, 'false'],
    [{ a: 1 }, '{"a":1}'],
  ])('shows %j as %j', (value, text) => {
    expect(cellText(value)).toBe(text);
  });
});

describe('conditions of rows', () => {
  it('survive the address', () => {
    const where = [toCondition('price', 'number', 'gt', '5'), toCondition('note', 'text', 'isNull', '')];
    expect(parseWhere(printWhere(where))).toEqual([
      { field: 'price', op: 'gt', value: 5 },
      { field: 'note', op: 'isNull' },
    ]);
    expect(where.map(conditionText)).toEqual(['price > 5', 'note has no value']);
    expect(printWhere([])).toBeUndefined();
  });

  it.each(['{', '{"city":"Gent"}', '[1]', 'null'])('of the form %s are left to the service', (text) => {
    expect(parseWhere(text)).toBeNull();
  });

  it('search a part of a number as text', () => {
    expect(toCondition('price', 'number', 'contains', '5')).toEqual({ field: 'price', op: 'contains', value: '5' });
  });
});

test('a press on a column sorts up, down, and not at all', () => {
  expect([nextOrder(undefined, 'a'), nextOrder('a', 'a'), nextOrder('-a', 'a'), nextOrder('b', 'a')]).toEqual([
    'a',
    '-a',
    undefined,
    'a',
  ]);
});

test('keys move within a grid, the header included', () => {
  const size = { rows: 3, columns: 2, page: 10 };
  const from = (row: number, column: number, key: string, isMod = false) => move({ row, column }, key, isMod, size);
  expect(from(0, 0, 'ArrowUp')).toEqual({ row: -1, column: 0 });
  expect(from(-1, 0, 'ArrowUp')).toEqual({ row: -1, column: 0 });
  expect(from(2, 1, 'ArrowDown')).toEqual({ row: 2, column: 1 });
  expect(from(0, 1, 'ArrowRight')).toEqual({ row: 0, column: 1 });
  expect(from(0, 1, 'End', true)).toEqual({ row: 2, column: 1 });
  expect(from(0, 0, 'PageDown')).toEqual({ row: 2, column: 0 });
  expect(from(0, 0, 'x')).toBeNull();
});

describe('a file that is imported in parts', () => {
  const limits = { rows: 2, characters: 1000 };

  it('repeats the header of CSV, and keeps line breaks between quotes', () => {
    const parts = splitFile('a,b\r\n1,"x\n""y"\r\n2,z\r\n3,w', 'csv', limits);
    expect(parts.map(({ text }) => text)).toEqual(['a,b\r\n1,"x\n""y"\r\n2,z\r\n', 'a,b\r\n3,w']);
    expect(parts.map(({ rows }) => rows)).toEqual([2, 1]);
    expect(lineInFile(parts[0]!, 4)).toBe(4);
    expect(lineInFile(parts[1]!, 2)).toBe(5);
    expect(lineInFile(parts[1]!, 1)).toBe(1);
  });

  it('has no header in NDJSON, where a quote is a part of its line', () => {
    const parts = splitFile('{"a":"1"}\n\n{"a":"\\""}\n{"a":3}\n', 'ndjson', limits);
    expect(parts.map(({ rows, firstLine }) => [rows, firstLine])).toEqual([
      [2, 1],
      [1, 4],
    ]);
    expect(lineInFile(parts[1]!, 1)).toBe(4);
  });

  it('is bounded by characters, and a row alone may exceed them', () => {
    const parts = splitFile(`a\n${'x'.repeat(50)}\ny\n`, 'csv', { rows: 100, characters: 20 });
    expect(parts.map(({ rows }) => rows)).toEqual([1, 1]);
  });

  it('of no row is one part', () => {
    expect(splitFile('a,b\n', 'csv')).toMatchObject([{ text: 'a,b\n', rows: 0 }]);
    expect(splitFile('\uFEFF', 'csv')).toMatchObject([{ text: '', rows: 0 }]);
  });
});
