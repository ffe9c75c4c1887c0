import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasMoreValues, isTooDeep, MAX_JSON_DEPTH, placeOf } from '../../src/kernel/json.rules';

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

test.each([
  ['[1,2,3]', 3, false],
  ['[1,2,3]', 2, true],
  ['[[],[]]', 4, false],
  ['[[],[]]', 3, true],
  ['{"a":{"b":1},"c":2}', 3, false],
  ['{"a":{"b":1},"c":2}', 2, true],
  [JSON.stringify({ a: ',[{,\\",[{' }), 1, false],
])('%s has more than %d values: %j', (text, limit, wanted) => {
  expect(hasMoreValues(text, limit)).toBe(wanted);
});

test('200,000 levels are measured without recursion', () => {
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

/** Place at which `text` stops being JSON: [line, column, character], counted from 1. */
function stopOf(text: string): number[] | null {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /line (\d+), column (\d+) \(character (\d+)\)/.exec(placeOf(error, text));
    return place && place.slice(1).map(Number);
  }
  throw new Error('is JSON');
}

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['{', 'it ends too early, at line 1, column 2 (character 2)'],
  ['{"a": [1, 2]\n', 'it ends too early, at line 2, column 1 (character 14)'],
  ['{"a": 1,}', 'line 1, column 9 (character 9) is unexpected'],
])('%j: %s', (text, wanted) => {
  let error: unknown;
  try {
    JSON.parse(text);
  } catch (caught) {
    error = caught;
  }
  expect(placeOf(error, text)).toBe(`; ${wanted}`);
});

test.each<[string, number[]]>([
  ['{"a": NaN}', [1, 7, 7]],
  ['{"a": Infinity}', [1, 7, 7]],
  ['{"a": -Infinity}', [1, 8, 8]],
  ['{"a": True}', [1, 7, 7]],
  ['{"a": None}', [1, 7, 7]],
  ['{"a": undefined}', [1, 7, 7]],
  [`{"a": 'x'}`, [1, 7, 7]],
  [`{'a': 1}`, [1, 2, 2]],
  ['{a: 1}', [1, 2, 2]],
  ['{"a": 1,}', [1, 9, 9]],
  ['[1, 2,]', [1, 7, 7]],
  ['{"a": 1 "b": 2}', [1, 9, 9]],
  ['{\n  "a": 1,\n  "b": nope\n}', [3, 8, 20]],
  ['{\r\n  "a": nope\r\n}', [2, 8, 11]],
  ['{"a": 1} x', [1, 10, 10]],
  ['{"a": 01}', [1, 8, 8]],
  ['{"a": 1 /* c */}', [1, 9, 9]],
  ['hello', [1, 1, 1]],
])('%j stops being JSON at %j', (text, place) => expect(stopOf(text)).toEqual(place));

test('whatever is not JSON has a place within the text', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('NaN', "'", '}', ',', 'undefined', '/', '\u0000', '"', '\\', 'True'))
    .map(([json, at, junk]) => json.slice(0, at % (json.length + 1)) + junk + json.slice(at % (json.length + 1)));
  fc.assert(
    fc.property(broken, (text) => {
      try {
        JSON.parse(text);
      } catch (error) {
        const [line, column, character] = /\d+.*?\d+.*?\d+/.exec(placeOf(error, text))![0].match(/\d+/g)!.map(Number);
        expect(character! - 1).toBeLessThanOrEqual(text.length);
        expect(
          text
            .split('\n')
            .slice(0, line! - 1)
            .join('\n').length +
            (line! > 1 ? 1 : 0) +
            column!,
        ).toBe(character);
      }
    }),
  );
});
