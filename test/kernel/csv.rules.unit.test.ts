import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { csvRecords, MAX_CELLS, writeCsv, type Cell } from '../../src/kernel/csv.rules';

const read = (text: string) => [...csvRecords(text)].map((one) => [one.line, 'cells' in one ? one.cells : one.issue]);

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', ';', '\ufeff', '😀'), maxLength: 6 }),
);

test('a written file is read back, for any cell and line end', () => {
  const records = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
  const ends = fc.array(fc.constantFrom('\r\n', '\n', '\r'), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(records, ends, fc.boolean(), (written, breaks, isLastOpen) => {
      // A record of one empty cell is a line without characters.
      fc.pre(written.every((cells) => cells.length > 1 || cells[0] !== null));
      const lines = written.map((cells) => writeCsv([cells]).slice(0, -2));
      const text = lines
        .map((line, i) => line + (isLastOpen && i === lines.length - 1 ? '' : breaks[i % breaks.length]))
        .join('');
      expect(read(text).map(([, cells]) => cells)).toEqual(written);
      expect(writeCsv(written)).toBe(lines.map((line) => `${line}\r\n`).join(''));
    }),
    { numRuns: 500 },
  );
});

describe('lines', () => {
  it.each<[string, unknown[]]>([
    [
      'a,b\nc,d\r\ne,f\rg,h',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
        [3, ['e', 'f']],
        [4, ['g', 'h']],
      ],
    ],
    [
      'a\r\n\r\n\n\rb\r',
      [
        [1, ['a']],
        [5, ['b']],
      ],
    ],
    [
      '"a\r\nb\rc\nd"\nx',
      [
        [1, ['a\r\nb\rc\nd']],
        [5, ['x']],
      ],
    ],
    [
      '"a"\r"b"\r\n"c"\n',
      [
        [1, ['a']],
        [2, ['b']],
        [3, ['c']],
      ],
    ],
    [
      'a,\n,\n"",""',
      [
        [1, ['a', null]],
        [2, [null, null]],
        [3, ['', '']],
      ],
    ],
    ['a\u2028b\u0085c\vd\fe\n', [[1, ['a\u2028b\u0085c\vd\fe']]]],
    ['', []],
    ['\n\r\n', []],
    [' a , b ', [[1, [' a ', ' b ']]]],
  ])('%j', (text, records) => expect(read(text)).toEqual(records));
});

describe('issues have the line that they begin on, and what follows them is read', () => {
  const twice = 'write a quote within a cell twice ("")';
  it.each<[string, unknown[]]>([
    [
      'a\nb"c,d\ne',
      [
        [1, ['a']],
        [2, `has a quote within a cell; ${twice}`],
        [3, ['e']],
      ],
    ],
    [
      'a, "b"\ne',
      [
        [1, 'has a space before an opening quote'],
        [2, ['e']],
      ],
    ],
    [
      '"a"b,c\r\ne',
      [
        [1, `has text behind a closing quote; ${twice}`],
        [2, ['e']],
      ],
    ],
    [
      '"5" pipe"\ne',
      [
        [1, `has text behind a closing quote; ${twice}`],
        [2, ['e']],
      ],
    ],
    [
      'x\n"a\nb\n"c"\nd',
      [
        [1, ['x']],
        [2, `has text behind a closing quote, which is on line 4; ${twice}`],
        [3, ['b']],
        [4, ['c']],
        [5, ['d']],
      ],
    ],
    [
      'x,"a\nb\nc',
      [
        [1, `has an opening quote that is never closed; ${twice}`],
        [2, ['b']],
        [3, ['c']],
      ],
    ],
    [
      '"a\nb",x"y\nz',
      [
        [2, `has a quote within a cell; ${twice}`],
        [3, ['z']],
      ],
    ],
    [
      '"a";"b"\n"c"\t"d"\n"e"|5\na;"b"\n"f\ng";x\nh',
      [
        [1, 'has cells that are separated by ";": use commas'],
        [2, 'has cells that are separated by tabs: use commas'],
        [3, 'has cells that are separated by "|": use commas'],
        [4, 'has cells that are separated by ";": use commas'],
        [5, `has text behind a closing quote, which is on line 6; ${twice}`],
        [6, `has a quote within a cell; ${twice}`],
        [7, ['h']],
      ],
    ],
    ['"', [[1, `has an opening quote that is never closed; ${twice}`]]],
  ])('%j', (text, records) => expect(read(text)).toEqual(records));
});

describe('work is bounded', () => {
  test('a line of very many cells ends at the most that there may be', () => {
    expect(read(`a\n${','.repeat(500_000)}\nb`)).toEqual([
      [1, ['a']],
      [2, `has more than ${MAX_CELLS} cells; no table has as many columns`],
      [3, ['b']],
    ]);
    expect(read(`${','.repeat(MAX_CELLS - 1)}\nb`)[0]![1]).toHaveLength(MAX_CELLS);
  });
  // Anything but linear work would not end.
  test.each([
    ['quotes that never close', '"a\n'.repeat(500_000)],
    ['lines of doubled quotes behind an open one', `"\n${'""\n'.repeat(1_000_000)}`],
    ['cells that open and fail', ',"x'.repeat(1_000_000)],
    ['quotes', '"'.repeat(3_000_001)],
    ['quotes in cells', 'a"\n'.repeat(1_000_000)],
    ['line ends', '\r\n'.repeat(2_000_000)],
  ])('%s', (_, text) => {
    let records = 0;
    for (const one of csvRecords(text)) records += one.line > 0 ? 1 : 0;
    expect(records).toBeLessThanOrEqual(1_000_001);
  });
});
