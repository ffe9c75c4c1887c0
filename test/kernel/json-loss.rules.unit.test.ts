import { expect, test } from 'vitest';
import { findLoss, readLossless } from '../../src/kernel/json-loss.rules';

const ROUNDED = 'must not be a whole number beyond 9007199254740991, which would be rounded: send it as text';

test.each([
  ['{"a":1,"a":2}', 'duplicate_key', '#', 'has the key "a" twice in one object'],
  ['{"a":[{"b/~":{"x":1,"\\u0078":1}}]}', 'duplicate_key', '#/a/0/b~1~0', 'has the key "x" twice in one object'],
  ['{"rows":[{"id":1},{"id":9007199254740993}]}', 'inexact_number', '#/rows/1/id', ROUNDED],
  ['[-9007199254740993]', 'inexact_number', '#/0', ROUNDED],
  ['1000000000000000000000', 'inexact_number', '#', ROUNDED],
  ['{"a":1e999}', 'inexact_number', '#/a', 'must not be a number beyond 1.8e308'],
  ['[[-1E+0400]]', 'inexact_number', '#/0/0', 'must not be a number beyond 1.8e308'],
])('%s', (text, code, pointer, message) => {
  expect(findLoss(text)).toEqual({ code, pointer, message });
  expect(readLossless(text)).toEqual({ code, pointer, message });
});

test.each([
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
  '{"9007199254740993":"9007199254740993"}',
  '[9007199254740991,-9007199254740992,100000000000000000000,1.7976931348623157e308,5e-324,0.1234567890123456789]',
  'null',
  '""',
])('%s is read whole', (text) => expect(readLossless(text)).toEqual({ value: JSON.parse(text) as unknown }));

test.each([
  ['{', 'invalid_json', 'must be JSON'],
  ['', 'invalid_json', 'must be JSON'],
  ['['.repeat(65) + ']'.repeat(65), 'json_too_deep', 'must not nest deeper than 64 levels'],
])('%.10s is not JSON to be kept', (text, code, message) =>
  expect(readLossless(text)).toEqual({ code, pointer: '#', message }),
);
