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
  expect(
    compileAnswerCheck({ type: 'string', pattern: '^(a+)+$' })!(JSON.stringify(`${'a'.repeat(50)}!`), true),
  ).toBeNull();
});
