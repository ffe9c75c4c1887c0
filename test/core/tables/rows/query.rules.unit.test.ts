import { describe, expect, it, test } from 'vitest';
import { Column } from '../../../../src/core/tables/catalogue/column.schema';
import { COLUMN_TYPES } from '../../../../src/core/tables/catalogue/column-type.rules';
import { planMany, planPage, planWhere } from '../../../../src/core/tables/rows/query.rules';
import { DeleteManyInput, RowsQuery, UpdateManyInput } from '../../../../src/core/tables/catalogue/row.schema';
import { readNewRow } from '../../../../src/core/tables/rows/row.rules';
import type { Issue } from '../../../../src/kernel/errors';
import { toStoredValue } from '../../../../src/core/tables/catalogue/value.rules';

const table = {
  idType: 'uuid' as const,
  columns: COLUMN_TYPES.map((type) => ({ ...Column.parse({ name: type, type }), key: `c_${type}` })),
};
const issuesOf = (planned: object): string[] =>
  'issues' in planned
    ? (planned.issues as Issue[]).map(({ pointer, code, message }) => `${pointer} ${code}: ${message}`)
    : [];
const refusal = (where: unknown): string[] => issuesOf(planWhere(table, where));

describe('a change of many rows', () => {
  const bare = (where: unknown, all?: boolean): boolean =>
    issuesOf(planMany(table, { where: where as never, all })).some((line) => line.includes('no_condition'));
  it.each<[unknown]>([
    [undefined],
    [{}],
    [[]],
    [{ text: { contains: '' } }],
    [[{ field: 'url', op: 'startsWith', value: '' }]],
  ])('without a condition that leaves rows out needs all: %j', (where) => {
    expect([bare(where), bare(where, false), bare(where, true)]).toEqual([true, true, false]);
  });
  it.each<[unknown]>([
    [{ text: 'x' }],
    [{ text: null }],
    [{ text: [] }],
    [{ text: { contains: '' }, integer: 5 }],
    [[{ field: 'json', op: 'isNull' }]],
  ])('a change with a condition does not need all: %j', (where) => expect(bare(where)).toBe(false));
  test('all does not put conditions aside', () =>
    expect(planMany(table, { where: { text: 'x' }, all: true })).toMatchObject({
      plan: [{ key: 'c_text', value: 'x' }],
    }));
  test('the admin API takes the same flag beside many', () => {
    expect(DeleteManyInput.safeParse({ many: true, all: true }).success).toBe(true);
    expect(DeleteManyInput.safeParse({ all: true }).success).toBe(false);
    expect(UpdateManyInput.safeParse({ many: true, all: 'yes', changes: {} }).success).toBe(false);
  });
});

describe('conditions that are not understood are refused, never passed over', () => {
  it.each<[unknown, string]>([
    [{ text: {} }, '#/where/text invalid_filter: text: must have at least one operator, such as {"gte": 5}'],
    [{ integer: { lt: 5, like: 6 } }, '#/where/integer invalid_filter: unknown operator like; use one of eq, ne,'],
    [{ or: [] }, '#/where/or unknown_column: unknown column or'],
    [{ and: [{ text: 'x' }] }, '#/where/and unknown_column: unknown column and'],
    [['text'], '#/where/0 invalid_filter: must be an object; a condition is {field, op, value}'],
    [[[]], '#/where/0 invalid_filter: must be an object'],
    [[null], '#/where/0 invalid_filter: must be an object'],
    [[{}], '#/where/0 invalid_filter: field must be the name of a column'],
    [[{ field: 5 }], '#/where/0 invalid_filter: field must be the name of a column'],
    [[{ field: 'text', operator: 'eq', value: 1 }], '#/where/0 invalid_filter: unknown field operator; a condition is'],
    [[{ field: 'text', op: null, value: 1 }], '#/where/0 invalid_filter: unknown operator of the type object'],
    [[{ field: 'text', op: 'toString', value: 1 }], '#/where/0 invalid_filter: unknown operator toString'],
    [JSON.parse('[{"field":"text","__proto__":{"value":"x"}}]'), '#/where/0 invalid_filter: unknown field __proto__'],
    [[{ field: 'text' }], '#/where/0 invalid_filter: text: eq requires a value'],
    [{ number: Infinity }, '#/where/number invalid_filter: number: must be a finite number'],
  ])('%j', (where, message) => expect(refusal(where)).toEqual([expect.stringContaining(message)]));
});

describe('bounds', () => {
  const many = (n: number, value: unknown): object =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`x${i}`, value]));
  it.each<[string, unknown]>([
    ['a list', Array.from({ length: 100_000 }, () => ({ field: 'nope' }))],
    ['columns', many(100_000, 1)],
    ['operators of one column', { integer: many(100_000, 1) }],
    ['operators of many columns', many(1000, many(1000, 1))],
  ])('more conditions than there may be are one issue: %s', (_, where) =>
    expect(refusal(where)).toEqual(['#/where too_big: must have at most 20 conditions']),
  );
  test('issues end at 100, and repeat no more than 200 characters of a name', () => {
    expect(refusal(many(1000, {}))).toHaveLength(100);
    const long = 'x'.repeat(1_000_000);
    for (const where of [
      { [long]: 1 },
      { text: { [long]: 1 } },
      [{ field: long }],
      [{ field: 'a', op: long }],
      [{ [long]: 1 }],
    ])
      expect(refusal(where).join().length).toBeLessThan(700);
  });
  test('values of all conditions have 500,000 characters together, whichever way they are put', () => {
    const text = 'x'.repeat(2000);
    const [fits, over] = [Array(240).fill(text), Array(260).fill(text)];
    expect(refusal({ text: fits })).toEqual([]);
    const message = ['#/where too_big: all conditions together must have at most 500000 characters'];
    expect(refusal({ text: over })).toEqual(message);
    expect(
      refusal([
        { field: 'text', op: 'in', value: fits },
        { field: 'longtext', value: 'x'.repeat(100_000) },
      ]),
    ).toEqual(message);
    // Six characters each as JSON.
    expect(refusal({ text: Array(60).fill('\u0001'.repeat(2000)) })).toEqual(message);
  });
  test('a search is for 2,000 characters at most, also in long texts', () => {
    for (const op of ['contains', 'startsWith']) {
      expect(refusal({ longtext: { [op]: 'x'.repeat(2000) } })).toEqual([]);
      expect(refusal({ longtext: { [op]: 'x'.repeat(2001) } })).toEqual([
        expect.stringContaining('at most 2000 characters'),
      ]);
    }
  });
  test('a row of very many names is looked at as far as its issues go', () => {
    let refused = 0;
    readNewRow(table, many(50_000, 1) as Record<string, unknown>, () => void refused++);
    expect(refused).toBe(table.columns.length + 100);
  });
  test('a query reports at most 100 issues of columns and orders', () => {
    expect(
      issuesOf(planPage(table, RowsQuery.parse({ columns: Array(100).fill('nope'), order: ['a', 'b'] }))),
    ).toHaveLength(100);
    expect(RowsQuery.safeParse({ columns: Array(101).fill('text') }).success).toBe(false);
  });
});

describe('a json value comes back as it went in, or is refused', () => {
  it.each<[string, string]>([
    ['{"a":[1e999]}', 'must not contain numbers that are too large'],
    ['-1e400', 'must not contain numbers that are too large'],
    ['{"a":"\\ud83d"}', 'must contain well-formed Unicode only'],
    ['{"\\ude00":1}', 'must contain well-formed Unicode only'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'must not nest deeper than 64 levels'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'must not nest deeper than 64 levels'],
    [JSON.stringify('x'.repeat(500_000)), 'must have at most 500000 characters as JSON'],
  ])('%.40s', (json, issue) => expect(toStoredValue('json', JSON.parse(json))).toEqual({ issue }));
  it.each([
    '{"a":{"__proto__":[1,null,true]}}',
    `${'['.repeat(64)}${']'.repeat(64)}`,
    '"\\\\ud83d"',
    '"\ud83d\ude00"',
    'false',
    '0',
  ])('%.40s', (json) => expect(toStoredValue('json', JSON.parse(json))).toEqual({ value: json }));
  it.each([undefined, null])('%s is no value', (value) =>
    expect(toStoredValue('json', value)).toEqual({ value: null }),
  );
});
