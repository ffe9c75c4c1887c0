import { expect, test } from 'vitest';
import { compileAnswerCheck } from '../../../src/core/gateway/answer-check';

const SCHEMA = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };

test('a response is compared with the schema, and the place of a difference is named', () => {
  const check = compileAnswerCheck(SCHEMA)!;
  expect(check('{"total": 1}', true)).toBeNull();
  expect(check('{"total": "1"}', true)).toMatch(/^the response does not match response.schema: #\/total: /);
  expect(check('{}', true)).toContain('total');
  expect(compileAnswerCheck(null)).toBeNull();
});

test('one of a hundred calls is checked, and the next after a failure', () => {
  const check = compileAnswerCheck(SCHEMA)!;
  const bad = () => check('{}', false) !== null;
  expect([bad(), bad(), check('{"total": 1}', false)]).toEqual([true, true, null]);
  const found = Array.from({ length: 100 }, bad);
  expect(found.filter(Boolean)).toHaveLength(1);
  expect(found.at(-1)).toBe(true);
});

test('a schema that cannot be checked is said to be one, and patterns compute nothing', () => {
  expect(compileAnswerCheck({ $ref: '#' })!('1', true)).toContain('cannot be checked');
  expect(compileAnswerCheck({ $ref: '#/none' })!('1', true)).toContain('cannot be checked');
  expect(compileAnswerCheck({ $defs: { a: { $id: 'a' }, b: { $id: 'a' } } })!('1', true)).toContain('Duplicate');
  expect(
    compileAnswerCheck({ type: 'string', pattern: '^(a+)+$' })!(JSON.stringify(`${'a'.repeat(50)}!`), true),
  ).toBeNull();
});

/** A schema that compares a part with the response 2 ** depth times. */
function often(depth: number, part: object): Record<string, unknown> {
  const twice = (name: string) => ({ allOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] });
  const names = Array.from({ length: depth + 1 }, (_, index) => `d${index}`);
  const $defs = Object.fromEntries(
    names.map((name, index) => [name, index === depth ? part : twice(names[index + 1]!)]),
  );
  return { $defs, $ref: '#/$defs/d0' };
}

test('a check ends after a number of steps, however often parts refer to others', () => {
  expect(compileAnswerCheck(often(60, {}))!('1', true)).toContain('takes more than 100000 steps');
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  for (const part of [{ $ref: '#' }, { $recursiveRef: '#' }])
    compileAnswerCheck({ $recursiveAnchor: true, properties: { a: { allOf: [part, part] } } })!(
      JSON.stringify(nested(64)),
      true,
    );
  const listed = { items: { allOf: Array.from({ length: 1000 }, () => ({})) } };
  expect(compileAnswerCheck(listed)!(JSON.stringify(Array(1000).fill(1)), true)).toContain('steps');
});

test('a check takes steps for what it reads at each visit: members, strings, values and items', () => {
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, 0]));
  const hostile: [object, unknown][] = [
    [{}, members(20_000)],
    [{ additionalProperties: true }, members(20_000)],
    [{ minLength: 1 }, 'x'.repeat(200_000)],
    [{ format: 'date' }, 'x'.repeat(200_000)],
    [{ not: { enum: ['y'.repeat(10_000)] } }, 1],
    [{ dependentRequired: { m0: Array.from({ length: 1000 }, () => 'm1') } }, members(2)],
    [{ items: true }, Array.from({ length: 1000 }, () => 1)],
    [{ not: { additionalItems: false, items: [] } }, Array.from({ length: 1000 }, () => 1)],
  ];
  expect(compileAnswerCheck(often(13, {}))!('1', true)).toBeNull();
  for (const [part, value] of hostile)
    expect(compileAnswerCheck(often(13, part))!(JSON.stringify(value), true)).toContain('takes more than 100000 steps');
  const record = { additionalProperties: { type: 'integer' }, minProperties: 1, maxProperties: 10_000 };
  const check = compileAnswerCheck({ allOf: [record, record] })!;
  expect(check(JSON.stringify(members(10_000)), true)).toBeNull();
  expect(check(JSON.stringify(members(10_001)), true)).toContain('10000');
  expect(compileAnswerCheck({ items: false })!('[1]', true)).toContain('#/0');
  expect(compileAnswerCheck({ items: false })!('[]', true)).toBeNull();
});

test('a long list is compared item by item, not each with all others, and a longer response is not compared', () => {
  const check = compileAnswerCheck({ type: 'array', uniqueItems: true, items: { type: 'integer' } })!;
  const list = (length: number) => JSON.stringify(Array.from({ length }, (_, index) => index));
  expect(check(list(40_000), true)).toBeNull();
  expect(compileAnswerCheck({ type: 'string' })!(list(40_000), true)).toContain('type');
  expect(compileAnswerCheck({ type: 'string' })!(list(60_000), true)).toBeNull();
});

test('members may have the names of keywords that are not compared', () => {
  const schema = { type: 'object', properties: { pattern: { type: 'string' } }, additionalProperties: false };
  expect(compileAnswerCheck(schema)!('{"pattern": "a"}', true)).toBeNull();
  expect(compileAnswerCheck(schema)!('{"pattern": 1}', true)).toContain('#/pattern');
  expect(compileAnswerCheck({ const: { pattern: 'a' } })!('{"pattern": "a"}', true)).toBeNull();
});
