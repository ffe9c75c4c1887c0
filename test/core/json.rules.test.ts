import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTooDeep, MAX_JSON_DEPTH } from '../../src/core/json.rules';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['', false],
  [nested(MAX_JSON_DEPTH), false],
  [nested(MAX_JSON_DEPTH + 1), true],
  [`{"a":`.repeat(65) + '1' + '}'.repeat(65), true],
  [JSON.stringify('['.repeat(500)), false],
  [JSON.stringify({ a: `\\"${'['.repeat(500)}` }), false],
  [`[${Array(500).fill('[]').join()}]`, false],
])('%.40s… is too deep: %j', (text, wanted) => {
  expect(isTooDeep(text)).toBe(wanted);
});

test('200,000 levels are told, by no recursion', () => {
  const text = nested(200_000);
  expect(isTooDeep(text)).toBe(true);
});

test('agrees with the depth of any JSON value', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 0, max: 6 }), (value, limit) => {
      const text = JSON.stringify(value);
      expect(isTooDeep(text, limit)).toBe(depthOf(value) > limit);
    }),
  );
});
