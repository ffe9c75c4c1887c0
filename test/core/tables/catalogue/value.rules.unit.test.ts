import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../../src/core/tables/catalogue/column-type.rules';
import { fromStored, fromText, toStoredValue, type ValueType } from '../../../../src/core/tables/catalogue/value.rules';

const kept = (type: ValueType, value: unknown): unknown => {
  const checked = toStoredValue(type, value);
  return 'value' in checked ? checked.value : checked.issue;
};

describe('toStored', () => {
  it.each<[ValueType, unknown, unknown]>([
    ['text', 'é', 'é'],
    ['text', '', ''],
    ['text', null, null],
    ['integer', -9007199254740991, -9007199254740991],
    ['integer', -0, 0],
    ['number', 1.5, 1.5],
    ['boolean', true, 1],
    ['boolean', false, 0],
    ['date', '2024-02-29', '2024-02-29'],
    ['datetime', '2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['datetime', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['timestamp', '1970-01-01T00:00:01Z', 1000],
    ['uuid', 'A987FBC9-4BED-3078-AF07-9141BA07C9F3', 'a987fbc9-4bed-3078-af07-9141ba07c9f3'],
    ['json', { a: [1, null, '\0'] }, '{"a":[1,null,"\\u0000"]}'],
    ['json', false, 'false'],
    ['email', 'Ada@Example.com', 'Ada@Example.com'],
    ['url', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
  ])('%s %o is kept as %o', (type, value, expected) => expect(kept(type, value)).toBe(expected));

  it.each<[ValueType, unknown]>([
    ['text', 5],
    ['text', 'a\0b'],
    ['text', '\ud800'],
    ['text', 'x'.repeat(2001)],
    ['longtext', 'x'.repeat(500_001)],
    ['integer', 1.5],
    ['integer', '1'],
    ['integer', 2 ** 53],
    ['number', Number.NaN],
    ['number', Number.POSITIVE_INFINITY],
    ['number', true],
    ['boolean', 1],
    ['boolean', 'true'],
    ['date', '2023-02-29'],
    ['date', '2023-2-9'],
    ['datetime', '2026-01-31T12:00:00'],
    ['datetime', '2026-01-31'],
    ['uuid', 'not-a-uuid'],
    ['json', 1n],
    ['json', () => 1],
    ['json', JSON.parse('['.repeat(70) + ']'.repeat(70))],
    ['email', 'nobody'],
    ['url', 'javascript:alert(1)'],
    ['url', `https://x.dev/${'x'.repeat(2000)}`],
  ])('%s refuses value %#', (type, value) =>
    expect(toStoredValue(type, value)).toEqual({ issue: expect.any(String) as string }),
  );

  it('gives back what went in', () => {
    const values: [ColumnType, fc.Arbitrary<unknown>][] = [
      ['text', fc.string({ unit: 'grapheme', maxLength: 100 }).filter((text) => !text.includes('\0'))],
      ['integer', fc.maxSafeInteger()],
      ['number', fc.double({ noNaN: true, noDefaultInfinity: true })],
      ['boolean', fc.boolean()],
      ['json', fc.jsonValue().filter((value) => value !== null)],
      [
        'datetime',
        fc
          .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
          .map((date) => date.toISOString()),
      ],
    ];
    for (const [type, arbitrary] of values) {
      fc.assert(
        fc.property(arbitrary, (value) => {
          const checked = toStoredValue(type, value);
          if ('issue' in checked) throw new Error(checked.issue);
          expect(JSON.stringify(fromStored(type, checked.value))).toBe(JSON.stringify(value));
        }),
      );
    }
  });
});

describe('fromText', () => {
  it.each<[ValueType, string, unknown]>([
    ['integer', '007', 7],
    ['integer', '5.0', 5],
    ['integer', '-12.', -12],
    ['integer', '1.5', '1.5'],
    ['integer', '1e3', '1e3'],
    ['number', '+0009007199254740992', 9007199254740992],
    ['number', '-12.50', -12.5],
    ['integer', '', ''],
    ['number', '-1e3', -1000],
    ['number', '0x10', '0x10'],
    ['number', 'Infinity', 'Infinity'],
    ['boolean', 'TRUE', true],
    ['boolean', '0', false],
    ['boolean', 'no', 'no'],
    ['text', '5', '5'],
  ])('%s %o reads as %o', (type, cell, expected) => expect(fromText(type, cell)).toBe(expected));

  it.each<[ValueType, string]>([
    ['number', '9007199254740993'],
    ['number', '-9007199254740993.0'],
    ['number', `1${'0'.repeat(500)}`],
    ['number', '1e400'],
    ['integer', '9007199254740993'],
    ['integer', '9007199254740992'],
  ])('%s %.20s is refused rather than rounded', (type, cell) =>
    expect(kept(type, fromText(type, cell))).toEqual(expect.stringMatching(/^must (not )?be a /)),
  );
});
