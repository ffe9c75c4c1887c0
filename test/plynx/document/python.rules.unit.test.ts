import { describe, expect, it } from 'vitest';
import {
  bytesRepr,
  doubleQuoted,
  pythonInt,
  pythonRepr,
  pythonStr,
  pythonTruth,
} from '../../../src/plynx/document/python.rules';

describe('pythonRepr', () => {
  it.each([
    [null, 'None'],
    [true, 'True'],
    [false, 'False'],
    [7, '7'],
    [-0.5, '-0.5'],
    [1e16, '10000000000000000'],
    [1e-7, '1e-07'],
    [1.5e300, '1.5e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    ['it', "'it'"],
    ["it's", '"it\'s"'],
    [`it's "it"`, `'it\\'s "it"'`],
    ['a\\b\n\t\r', "'a\\\\b\\n\\t\\r'"],
    ['\u0000\u001b\u007f', "'\\x00\\x1b\\x7f'"],
    ['naïve 日本', "'naïve 日本'"],
    ['\u00a0\u2028', "'\\xa0\\u2028'"],
    ['\u{e0001}', "'\\U000e0001'"],
    [[1, 'a', null], "[1, 'a', None]"],
    [{ a: 1, b: [true] }, "{'a': 1, 'b': [True]}"],
    [JSON.parse('{"__proto__": 1}'), "{'__proto__': 1}"],
  ])('%j is %s', (value, literal) => expect(pythonRepr(value)).toBe(literal));
});

it.each([
  ['as it is', 'as it is'],
  [5, '5'],
  [true, 'True'],
  [['a'], "['a']"],
])('pythonStr(%j) is %s', (value, text) => expect(pythonStr(value)).toBe(text));

it.each([
  [2.9, 2],
  [-2.9, -2],
  ['7', 7],
  [' +1_000 ', 1000],
  [true, 1],
  ['7.5', undefined],
  ['abc', undefined],
  ['', undefined],
  [null, undefined],
  [[], undefined],
  [Number.NaN, undefined],
])('pythonInt(%j) is %s', (value, whole) => expect(pythonInt(value)).toBe(whole));

it.each([
  ['false', true],
  ['', false],
  [0, false],
  [Number.NaN, true],
  [[], false],
  [{}, false],
  [{ a: 0 }, true],
  [null, false],
])('pythonTruth(%j) is %s', (value, truth) => expect(pythonTruth(value)).toBe(truth));

it.each([
  ['out', '"out"'],
  ['a"b', '"a\\"b"'],
  ["a'b", '"a\'b"'],
  ['a\nb', '"a\\nb"'],
])('doubleQuoted(%j) is %s', (text, literal) => expect(doubleQuoted(text)).toBe(literal));

it.each([
  [[0, 255, 1], "b'\\x00\\xff\\x01'"],
  [[97, 39], 'b"a\'"'],
  [[39, 34], "b'\\'\"'"],
  [[10, 92], "b'\\n\\\\'"],
])('bytesRepr(%j) is %s', (bytes, literal) => expect(bytesRepr(Uint8Array.from(bytes))).toBe(literal));
