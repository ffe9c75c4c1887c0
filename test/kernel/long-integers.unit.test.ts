import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKept, LongInteger, parseForJavaScript, parseJson, toInteger, toJson } from '../../src/kernel/long-integers';

test('integers keep their digits, at any depth and of any length', () => {
  const integer = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      integer.map((n) => new LongInteger(String(n))),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (any) => {
      const text = JSON.stringify(any);
      expect(JSON.stringify(parseJson(text))).toBe(text);
    }),
  );
});

test('JSON without such integers is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const safe = text.replaceAll(/[0-9]{16,}/g, '1');
      expect(parseJson(safe)).toEqual(JSON.parse(safe));
    }),
  );
});

test.each<[string, unknown]>([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992],
  ['9007199254740993', new LongInteger('9007199254740993')],
  ['-9007199254740993', new LongInteger('-9007199254740993')],
  ['9223372036854775808', new LongInteger('9223372036854775808')],
  ['10000000000000000', 1e16],
  ['1000000000000000000000', new LongInteger('1000000000000000000000')],
  ['0.12345678901234567890', 0.12345678901234568],
  ['1e21', 1e21],
  ['1.5e300', 1.5e300],
  ['"9007199254740993"', '9007199254740993'],
  ['{"9007199254740993":1}', { '9007199254740993': 1 }],
])('%s is read as %s', (text, wanted) => expect(parseJson(text)).toEqual(wanted));

test.each([
  ['+5', 5],
  ['0007', 7],
  ['-0', -0],
  ['+0009007199254740993', '9007199254740993'],
  ['-009007199254740993', '-9007199254740993'],
])('the text %s is the integer %s', (text, wanted) => {
  const read = toInteger(text);
  expect(read instanceof LongInteger ? read.digits : read).toBe(wanted);
});

test.each(['1e400', '-1e400', `1${'0'.repeat(4300)}`, '[1.5e999]'])('%.10s… is too large to be of use', (text) =>
  expect(() => parseJson(text)).toThrow('A number is too large'),
);

test('JavaScript receives long integers as text', () => {
  const text = '{"a":[9007199254740993,1,"x",null],"__proto__":{"b":-9007199254740993}}';
  const asText = '{"a":["9007199254740993",1,"x",null],"__proto__":{"b":"-9007199254740993"}}';
  expect([toJson(parseJson(text), true), toJson(parseJson(text), false)]).toEqual([text, asText]);
  expect(JSON.stringify(parseForJavaScript(text))).toBe(asText);
  expect(parseForJavaScript('[1.5e300,"9007199254740993"]')).toEqual([1.5e300, '9007199254740993']);
});

test.each([
  ['9007199254740991', true],
  ['-9007199254740992', true],
  ['9007199254740993', false],
  ['100000000000000000000', true],
  ['1000000000000000000000', false],
  ['0.1234567890123456789', true],
  ['1e308', true],
  ['-1e309', false],
  ['1E0999', false],
  [`1${'0'.repeat(400)}`, false],
])('%s is kept: %s', (literal, kept) => expect(isKept(literal)).toBe(kept));
