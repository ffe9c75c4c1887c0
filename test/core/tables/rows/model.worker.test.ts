import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTable } from '../../../../src/core/tables/catalogue/create-table';
import { deleteRows } from '../../../../src/core/tables/rows/delete-rows';
import { insertRows } from '../../../../src/core/tables/rows/insert-rows';
import { countRows, listRows } from '../../../../src/core/tables/rows/list-rows';
import {
  RowsQuery,
  type RowsPage,
  type Filter,
  type FilterOperator,
  type Row,
} from '../../../../src/core/tables/catalogue/row.schema';
import { CreateTableInput } from '../../../../src/core/tables/catalogue/table.schema';
import { updateRows } from '../../../../src/core/tables/rows/update-rows';
import { testContext } from '../../../support/context';
import { unique } from '../../../support/publish';

const ctx = testContext();

/** Text that means something to SQL, LIKE, GLOB, JSON paths or Unicode. */
const HOSTILE = [
  '',
  "'",
  '"',
  "' or 1=1 --",
  '"; drop table users; --',
  '%',
  '_',
  '*',
  '[a-z]',
  '\\',
  '?1',
  ':a',
  '@p',
  '$[0]',
  '${x}',
  'null',
  '1',
  'é',
  'e\u0301',
  'ß',
  'SS',
  '😀',
  '\ufffd',
  '\uffff',
  '\u{10ffff}',
  '\n',
  ' ',
  'a',
  'A',
  'ab',
  'b',
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 3 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => !value.includes('\0') && value.isWellFormed()),
);
const VALUES = {
  word: text,
  whole: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger()),
  real: fc.oneof(
    fc.constantFrom(0, 0.1, -0.5, 1),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  ),
  flag: fc.boolean(),
  day: fc.constantFrom('2024-02-29', '2025-01-01', '1999-12-31'),
};
type Name = keyof typeof VALUES;
const NAMES = Object.keys(VALUES) as Name[];

const row = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [name, fc.option(VALUES[name] as fc.Arbitrary<unknown>, { freq: 4 })]),
  ) as Record<Name, fc.Arbitrary<unknown>>,
);
const filter = fc.constantFrom(...NAMES).chain((field): fc.Arbitrary<Filter> => {
  const ops: FilterOperator[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'isNull'];
  if (field === 'word' || field === 'day') ops.push('contains', 'startsWith');
  return fc.constantFrom(...ops).chain((op) => {
    const one: fc.Arbitrary<unknown> = op === 'contains' || op === 'startsWith' ? text : VALUES[field];
    const value = op === 'in' ? fc.array(one, { maxLength: 4 }) : op === 'isNull' ? fc.boolean() : one;
    return fc.record({ field: fc.constant(field), op: fc.constant(op), value });
  });
});
const query = fc.record({
  where: fc.array(filter, { maxLength: 3 }),
  sort: fc.uniqueArray(
    fc.record({ field: fc.constantFrom(...NAMES), dir: fc.constantFrom('asc' as const, 'desc' as const) }),
    {
      maxLength: 3,
      selector: ({ field }) => field,
    },
  ),
  limit: fc.integer({ min: 1, max: 7 }),
});

/** SQLite's order of values of one column: null, then numbers by size or text by code point. */
function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'number') return a < (b as number) ? -1 : a > (b as number) ? 1 : 0;
  const [x, y] = [Array.from(a as string), Array.from(b as string)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

/** Meaning of the conditions, in plain JavaScript. */
function passes(candidate: Row, { field, op, value }: Filter): boolean {
  const own = candidate[field] ?? null;
  switch (op ?? 'eq') {
    case 'isNull':
      return (own === null) === (value !== false);
    case 'eq':
      return compare(own, value) === 0;
    case 'ne':
      return compare(own, value) !== 0;
    case 'in':
      return own !== null && (value as unknown[]).some((one) => compare(own, one) === 0);
    case 'contains':
      return own !== null && (own as string).includes(value as string);
    case 'startsWith':
      return own !== null && (own as string).startsWith(value as string);
    case 'lt':
      return own !== null && compare(own, value) < 0;
    case 'lte':
      return own !== null && compare(own, value) <= 0;
    case 'gt':
      return own !== null && compare(own, value) > 0;
    case 'gte':
      return own !== null && compare(own, value) >= 0;
  }
}

const make = async () => {
  const types = { word: 'text', whole: 'integer', real: 'number', flag: 'boolean', day: 'date' };
  const { id } = await createTable(
    ctx,
    CreateTableInput.parse({
      name: unique('model').replaceAll('-', '_'),
      columns: NAMES.map((name) => ({ name, type: types[name] })),
    }),
  );
  return { id };
};

test('rows, conditions, orders and pages are those of a plain model', async () => {
  const target = await make();
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.array(query, { minLength: 1, maxLength: 4 }),
      async (rows, queries) => {
        await deleteRows(ctx, target, { all: true });
        const model = await insertRows(ctx, target, rows);
        expect(model).toMatchObject(rows);
        for (const { where, sort, limit } of queries) {
          const expected = model
            .filter((one) => where.every((condition) => passes(one, condition)))
            .sort((a, b) => {
              for (const { field, dir } of sort) {
                const order = compare(a[field], b[field]);
                if (order !== 0) return dir === 'desc' ? -order : order;
              }
              return compare(a.id, b.id);
            });
          expect(await countRows(ctx, target, where)).toBe(expected.length);
          const found: Row[] = [];
          let cursor: string | null = null;
          do {
            const page: RowsPage = await listRows(ctx, target, RowsQuery.parse({ where, sort, limit, cursor }));
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            found.push(...page.rows);
            cursor = page.nextCursor;
          } while (cursor !== null);
          expect(found).toEqual(expected);
        }
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

test('changes and deletions touch the rows of the model and no others', async () => {
  const target = await make();
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 10 }),
      fc.array(filter, { maxLength: 2 }),
      row,
      async (rows, where, changes) => {
        await deleteRows(ctx, target, { all: true });
        const model = await insertRows(ctx, target, rows);
        const hit = (one: Row): boolean => where.every((condition) => passes(one, condition));
        const all = async () => (await listRows(ctx, target, RowsQuery.parse({ columns: NAMES, limit: 1000 }))).rows;
        const bare = (one: Row): Row => Object.fromEntries(['id', ...NAMES].map((name) => [name, one[name]]));
        const changed = model.map((one) => bare(hit(one) ? { ...one, ...changes } : one));
        expect(await updateRows(ctx, target, { where, changes, all: true })).toEqual({
          count: model.filter(hit).length,
        });
        expect(await all()).toEqual(changed);
        expect(await deleteRows(ctx, target, { where, all: true })).toEqual({ count: changed.filter(hit).length });
        expect(await all()).toEqual(changed.filter((one) => !hit(one)));
      },
    ),
    { numRuns: 20 },
  );
}, 60_000);
