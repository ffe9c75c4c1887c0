import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { invalidField, invalidInput, toIssues } from '../../src/kernel/issues';
import { PageQuery, readCursor, toPage } from '../../src/kernel/page';
import { ApiError } from '../../src/kernel/errors';

describe('issues of zod', () => {
  const Shape = z.strictObject({
    name: z.string().min(2),
    deep: z.array(z.strictObject({ 'a/b': z.int() })),
    weak: z
      .string()
      .superRefine((_value, ctx) => ctx.addIssue({ code: 'custom', message: 'no', params: { code: 'weak_key' } }))
      .optional(),
  });
  const issuesOf = (value: unknown): string[] => {
    const parsed = Shape.safeParse(value);
    return parsed.success ? [] : toIssues(parsed.error).map(({ pointer, code }) => `${pointer} ${code}`);
  };
  test('every one has its pointer, each unknown field its own', () => {
    expect(
      issuesOf({ name: 'a', deep: [{ 'a/b': 1 }, { 'a/b': 'x', 'c~d': 1 }], x: 1, y: 2, weak: '' }).toSorted(),
    ).toEqual(
      [
        '#/deep/1/a~1b invalid_type',
        '#/deep/1/c~0d unknown_field',
        '#/name too_small',
        '#/weak weak_key',
        '#/x unknown_field',
        '#/y unknown_field',
      ].toSorted(),
    );
    expect(issuesOf(null)).toEqual(['# invalid_type']);
  });
});

test('a refusal of one speaking kind has its code; a mixture is invalid_input', () => {
  const issue = (code: string) => ({ pointer: `#/${code}`, code, message: 'm' });
  expect(invalidInput([issue('unknown_field'), issue('unknown_field')]).code).toBe('unknown_field');
  expect(invalidInput([issue('reserved_path')]).code).toBe('reserved_path');
  expect(invalidInput([issue('reserved_path'), issue('too_small')]).code).toBe('invalid_input');
  expect(invalidInput([issue('a'), issue('b'), issue('c')]).message).toBe('a: m (and 2 more, see errors)');
  expect(invalidField('x', 'not_found', 'gone').extra.issues).toEqual([
    { pointer: '#/x', code: 'not_found', message: 'gone' },
  ]);
});

test.each([
  [{}, 50], [{ limit: '1' }, 1], [{ limit: '100' }, 100], [{ limit: '0' }, null], [{ limit: '-1' }, null], [{ limit: '101' }, null], [{ limit: '1e9' }, null],
  [{ limit: 'x' }, null], [{ limit: '' }, null], [{ limit: '1.5' }, null], [{ limit: '5', sort: 'a' }, null], [{ cursor: 'x'.repeat(257) }, null],
])('the query %j has the limit %s', (query, limit) => {
  const parsed = PageQuery.safeParse(query);
  expect(parsed.success ? parsed.data.limit : null).toBe(limit);
}); // oxfmt-ignore

describe('cursors', () => {
  test('a cursor continues where its page ended', () => {
    const rows = [3, 2, 1].map((at) => ({ at, id: `ep_${at}` }));
    const page = toPage(
      rows,
      2,
      (row) => row,
      ({ id }) => id,
    );
    expect(page).toEqual({ items: ['ep_3', 'ep_2'], nextCursor: '2.ep_2' });
    expect(readCursor(page.nextCursor!)).toEqual({ at: 2, id: 'ep_2' });
    expect(
      toPage(
        rows,
        3,
        (row) => row,
        ({ id }) => id,
      ).nextCursor,
    ).toBeNull();
    expect(toPage([], 3, () => ({ at: 0, id: '' }), String).nextCursor).toBeNull();
    expect(readCursor(undefined)).toBeNull();
  });
  test.each([
    '',
    'x',
    '1',
    '1.',
    '.a',
    '-1.a',
    '1.a b',
    "1.a' OR 1=1",
    '1e3.a',
    `${'9'.repeat(16)}.a`,
    '1.a\n',
    `1.${'a'.repeat(129)}`,
  ])('%j is not a cursor', (cursor) => {
    expect(() => readCursor(cursor)).toThrow(ApiError);
  });
});

describe('an answer lists 100 issues and repeats little of what a caller sent', () => {
  const bytesOf = (error: ApiError): number => JSON.stringify({ detail: error.message, ...error.extra }).length;
  const refuse = (value: unknown): ApiError => {
    const parsed = z.strictObject({ list: z.array(z.int()).optional() }).safeParse(value);
    return invalidInput(toIssues(parsed.error!));
  };
  test.each<[string, unknown, number, string]>([
    ['400,000 unknown fields', Object.fromEntries(Array.from({ length: 400_000 }, (_, n) => [`f${n}`, 1])), 399_900, 'unknown_field'],
    ['300 fields of 10,000 characters', Object.fromEntries(Array.from({ length: 300 }, (_, n) => ['x'.repeat(10_000) + n, 1])), 200, 'unknown_field'],
    ['100,000 items of a wrong type', { list: Array.from({ length: 100_000 }, () => 'x') }, 99_900, 'invalid_input'],
    ['both', { list: ['x', 'x'], ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, 1])) }, 102, 'invalid_input'],
  ])('%s', (_name, value, more, code) => {
    const error = refuse(value);
    expect(error.code).toBe(code);
    expect(error.extra.issues).toHaveLength(101);
    expect(error.extra.issues!.at(-1)).toEqual({ pointer: '#', code: 'more', message: `and ${more} more` });
    expect(bytesOf(error)).toBeLessThan(40_000);
  }); // oxfmt-ignore
  test('100 are all listed', () => {
    const error = refuse(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, 1])));
    expect(error.extra.issues).toHaveLength(100);
    expect(error.message).toBe('f0: unknown field (and 99 more, see errors)');
  });
  test('for every origin of the list', () => {
    const errors = Array.from({ length: 5000 }, (_, n) => ({
      pointer: `#/${n}${'y'.repeat(5000)}`,
      code: 'c',
      message: 'm'.repeat(5000),
    }));
    const error = new ApiError('invalid_source', 'z'.repeat(100_000), { issues: errors });
    expect([error.extra.issues!.length, error.extra.issues!.at(-1)!.message]).toEqual([101, 'and 4900 more']);
    expect(bytesOf(error)).toBeLessThan(150_000);
    // An issue that is made of another's issues counts on from there.
    expect(new ApiError('invalid_source', 'again', error.extra).extra.issues).toEqual(error.extra.issues);
  });
});
