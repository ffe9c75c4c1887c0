import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { exactJson, NoJsonForm, showPath } from '../../../../src/runtime/harness/javascript/exact-json';

const refusal = (value: unknown): { at: string; what: string; instead: string | undefined } => {
  try {
    return { at: 'none', what: exactJson(value), instead: undefined };
  } catch (error) {
    if (!(error instanceof NoJsonForm)) throw error;
    return { at: showPath(error.path), what: error.what, instead: error.instead };
  }
};

test('JSON values are written as JSON.stringify does, without a loss', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }), (value) => {
      fc.pre(!/__proto__|\\ud[89a-f]/.test(JSON.stringify(value)));
      expect(exactJson(value)).toBe(JSON.stringify(value));
    }),
  );
  expect(exactJson(Object.assign(Object.create(null) as object, { a: [null, true, -0, 1e21, '€"\n'] }))).toBe(
    '{"a":[null,true,0,1e+21,"€\\"\\n"]}',
  );
});

class Point {
  x = 1;
}
class Ids extends Array<number> {}
const cycle: { self?: unknown } = {};
cycle.self = [cycle];
const noted = Object.assign(['a'], { note: 1 });
// oxlint-disable-next-line no-sparse-arrays
const sparse = [1, , 3];
const empty: unknown[] = [];
empty.length = 5;
const far: number[] = [];
far[4_000_000_000] = 1;

describe('a value that JSON drops or changes is refused with its place', () => {
  it.each<[string, unknown, string, string]>([
    ['undefined', { a: undefined }, 'a', 'is undefined'],
    ['undefined in a list', { a: [1, undefined] }, 'a[1]', 'is undefined'],
    ['a function', { a: { b: () => 1 } }, 'a.b', 'is a function'],
    ['a class', { a: Point }, 'a', 'is a function'],
    ['a symbol', { a: Symbol('x') }, 'a', 'is a symbol'],
    ['a symbol as a name', { [Symbol('x')]: 1 }, '["Symbol(x)"]', 'has a symbol as its name'],
    ['NaN', [{ price: Number('12,50') }], '[0].price', 'is NaN'],
    ['Infinity', { a: -Infinity }, 'a', 'is -Infinity'],
    ['a BigInt', { a: 1n }, 'a', 'is a BigInt'],
    ['an invalid Date', { a: new Date('x') }, 'a', 'is an invalid Date'],
    ['a Map', { a: new Map([[1, 2]]) }, 'a', 'is a Map'],
    ['a Set', { a: new Set([1]) }, 'a', 'is a Set'],
    ['a promise', { a: Promise.resolve(1) }, 'a', 'is a Promise'],
    ['a RegExp', { a: /x/ }, 'a', 'is a RegExp'],
    ['an Error', { a: new Error('x') }, 'a', 'is an Error'],
    ['a URL', { a: new URL('https://x.dev') }, 'a', 'is a URL'],
    ['bytes', { a: new Uint8Array(2) }, 'a', 'is binary (Uint8Array)'],
    ['a buffer', { a: new ArrayBuffer(2) }, 'a', 'is binary (ArrayBuffer)'],
    ['a file', { a: new File(['x'], 'x') }, 'a', 'is binary (File)'],
    ['a boxed number', { a: new Number(1) }, 'a', 'is a Number'],
    ['an instance', { a: new Point() }, 'a', 'is a Point'],
    ['fields that are inherited', { a: Object.create({ email: 'x' }) }, 'a', 'is an object that inherits fields'],
    ['a prototype in a literal', { a: { __proto__: { email: 'x' } } }, 'a', 'is an object that inherits fields'],
    ['__proto__ as a name', JSON.parse('{"a":{"__proto__":1}}'), 'a.__proto__', 'cannot have this name'],
    ['toJSON of its own', { a: { toJSON: () => 'x' } }, 'a.toJSON', 'is a function'],
    [
      'a getter',
      {
        get a() {
          return 1;
        },
      },
      'a',
      'is a getter',
    ],
    ['a hidden field', Object.defineProperty({}, 'a', { value: 1 }), 'a', 'is hidden (not enumerable)'],
    ['a hole', { a: sparse }, 'a[1]', 'is a hole in a list'],
    ['holes without an end', { a: far }, 'a[0]', 'is a hole in a list'],
    ['an empty list with a length', { a: empty }, 'a[0]', 'is a hole in a list'],
    ['a list with fields', { a: noted }, 'a.note', 'is a field of a list'],
    ['a list of a class', { a: Ids.from([1]) }, 'a', 'is an Ids'],
    ['half of a surrogate pair', { a: 'x\ud83d' }, 'a', 'has a lone surrogate'],
    ['half of a pair in a name', { '\ude00': 1 }, '["\ufffd"]', 'has a lone surrogate'],
    [
      'a cycle',
      { a: cycle },
      expect.stringMatching(/^a\.self\[0\]\.self/) as string,
      expect.stringContaining('contains itself') as string,
    ],
    ['itself', undefined, '', 'is undefined'],
  ])('%s', (_, value, at, what) => {
    const refused = refusal(value);
    expect(refused).toMatchObject({ at, what });
    // The replacement of undefined depends on the place, and is the caller's choice.
    expect(typeof refused.instead).toBe(what === 'is undefined' ? 'undefined' : 'string');
  });
});

test('undefined fields can be dropped by option, and nothing else is', () => {
  const lenient = (value: unknown): string => exactJson(value, ['with'], { undefinedFields: true });
  expect(lenient({ a: undefined, b: { c: undefined, d: 1 }, e: undefined })).toBe('{"b":{"d":1}}');
  expect(() => lenient({ a: [undefined] })).toThrow('with.a[0] is undefined');
  expect(() => lenient({ a: new Map() })).toThrow('with.a is a Map; write Object.fromEntries(map)');
  expect(() => lenient(undefined)).toThrow('with is undefined');
});

test('a Date is its ISO text, whatever its toJSON answers', () => {
  const date = Object.assign(new Date(0), { toJSON: () => undefined });
  expect(exactJson({ at: [date] })).toBe('{"at":["1970-01-01T00:00:00.000Z"]}');
});

test('a toJSON of all objects does not get in between', () => {
  const prototype = Object.prototype as { toJSON?: unknown };
  prototype.toJSON = () => 'x';
  try {
    expect(exactJson({ a: [1] })).toBe('{"a":[1]}');
  } finally {
    delete prototype.toJSON;
  }
});

test('work is bounded: a value that contains another many times ends at a number of characters', () => {
  let value: unknown = 'x'.repeat(10_000);
  for (let i = 0; i < 60; i++) value = [value, value];
  expect(refusal(value)).toMatchObject({
    what: 'has more than 15000000 characters as JSON',
    instead: 'send it in parts',
  });
  expect(refusal({ a: 'x'.repeat(15_000_000) }).what).toBe('has more than 15000000 characters as JSON');
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(refusal(deep).what).toBe('nests deeper than 64 levels, or contains itself');
});
