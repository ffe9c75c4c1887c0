import { describe, expect, it, test } from 'vitest';
import { differences } from '../../../console/src/kit/conflict.rules';
import { childrenOf, printable, summaryOf } from '../../../console/src/kit/json-tree.rules';
import { directionOf, nextSort } from '../../../console/src/kit/sort.rules';
import { durationText, relativeTime } from '../../../console/src/kit/time.rules';
import { expiryOf } from '../../../console/src/kit/expiry.rules';
import { fromJsonIfAny, jsonIssue } from '../../../console/src/kit/text-values.rules';

describe('JSON that a user types', () => {
  it.each(['9007199254740993', '{"a":[-9007199254740992]}'])(
    'is refused where a number would be rounded: %s',
    (text) => {
      expect(jsonIssue(text)).toContain('would be rounded');
      expect(fromJsonIfAny(text)).toBe(text);
    },
  );

  it.each(['9007199254740991', '0.1', '1e3', '{"a":"9007199254740993"}'])('is taken as it is: %s', (text) => {
    expect([jsonIssue(text), fromJsonIfAny(text)]).toEqual([undefined, JSON.parse(text)]);
  });
});

describe('relativeTime', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  it.each([
    ['2026-11-26T11:59:30Z', 'just now'],
    ['2026-11-26T12:00:30Z', 'in less than a minute'],
    ['2026-11-26T11:57:00Z', '3 minutes ago'],
    ['2026-11-26T10:00:00Z', '2 hours ago'],
    ['2026-11-28T12:00:00Z', 'in 2 days'],
    ['2026-01-02T12:00:00Z', 'Jan 2, 2026'],
  ])('%s is %s', (at, text) => {
    expect(relativeTime(Date.parse(at), now)).toBe(text);
  });
});

test.each([
  [0, '0 ms'],
  [45.4, '45 ms'],
  [1234, '1.2 s'],
  [59_000, '59 s'],
  [125_000, '2 min 5 s'],
])('durationText(%d) is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [undefined, 'ascending', 'path'],
  ['path', 'ascending', '-path'],
  ['-path', 'ascending', undefined],
  ['-calls', 'ascending', 'path'],
  [undefined, 'descending', '-path'],
  ['-path', 'descending', 'path'],
  ['path', 'descending', undefined],
] as const)('nextSort of %s, first %s, is %s', (sort, first, next) => {
  expect(nextSort(sort, 'path', first)).toBe(next);
});

test.each([
  ['path', 'ascending'],
  ['-path', 'descending'],
  ['paths', undefined],
  [undefined, undefined],
])('directionOf %s is %s', (sort, direction) => {
  expect(directionOf(sort, 'path')).toBe(direction);
});

test('differences names the fields on which two drafts differ, and which of them is ours', () => {
  const base = { level: 'key', keys: ['a'], roles: '' };
  const mine = { level: 'public', keys: ['a'], roles: '' };
  const theirs = { level: 'key', keys: ['a', 'b'], roles: '' };
  expect(differences(base, mine, theirs)).toEqual([
    { name: 'level', isChangedHere: true },
    { name: 'keys', isChangedHere: false },
  ]);
  expect(differences(base, base, structuredClone(base))).toEqual([]);
});

describe('the JSON tree', () => {
  it('shows what could change the screen as escapes', () => {
    expect(printable('a\u202eb\u0007c\u200b')).toBe(String.raw`a\u202eb\u0007c\u200b`);
    expect(printable('line\n\ttab é 漢')).toBe('line\n\ttab é 漢');
  });

  it('says what a closed branch holds', () => {
    expect(summaryOf([1])).toBe('[1 item]');
    expect(summaryOf([1, 2])).toBe('[2 items]');
    expect(summaryOf({ a: 1, b: 2, c: 3, d: 4 })).toBe('{a, b, c, …}');
  });

  it('draws a part of a long list', () => {
    expect(
      childrenOf(
        Array.from({ length: 1000 }, (_, n) => n),
        2,
      ),
    ).toEqual([
      ['0', 0],
      ['1', 1],
    ]);
    expect(childrenOf({ a: 1, b: 2 }, 1)).toEqual([['a', 1]]);
  });
});

test('a chosen expiry is a point in time', () => {
  expect(expiryOf('never', 0)).toBeNull();
  expect(expiryOf('30', 0)).toBe('1970-01-31T00:00:00.000Z');
});
