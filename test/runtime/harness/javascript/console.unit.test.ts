import { describe, expect, test } from 'vitest';
import { toTable } from '../../../../src/runtime/harness/javascript/console-table';
import { format } from '../../../../src/runtime/harness/javascript/format';
import { describeThrown, inspect } from '../../../../src/runtime/harness/javascript/inspect';

const LIMIT = 10_000;
const show = (value: unknown, limit = LIMIT): string => inspect(value, limit);

describe('a value is shown as JSON where it has a form there', () => {
  test.each([
    [{ a: [1, 'b', null, true, { c: -1.5e300 }] }],
    [[]],
    [{}],
    ['a "b"\n'],
    [null],
    [7],
    [Object.create(null)],
  ])('%j', (value) => expect(show(value)).toBe(JSON.stringify(value)));
});

class Point {
  x = 1;
  #hidden = 2;
  get y(): number {
    return this.#hidden;
  }
}
const cyclic: Record<string, unknown> = { a: 1 };
cyclic.self = { cyclic };
const withGetters = Object.defineProperties(
  {},
  { a: { get: () => 1 / 0, enumerable: true }, b: { set: () => {}, enumerable: true }, c: { value: 1 } },
);
const thrower = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('no');
    },
  },
);
const form = new FormData();
form.set('a', '1');

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'undefined'],
  ['members without JSON form', { u: undefined, n: NaN, i: -Infinity, z: -0, b: 5n, s: Symbol('x') }, '{"u":undefined,"n":NaN,"i":-Infinity,"z":-0,"b":5n,"s":Symbol(x)}'],
  ['functions', [function f() {}, () => 1, class A {}, async () => 1], '[[Function: f],[Function: (anonymous)],[class A],[Function: (anonymous)]]'],
  ['a Map', new Map<unknown, unknown>([['a', { b: 1 }], [{ k: 1 }, new Set([1, 'x'])]]), 'Map(2) {"a" => {"b":1},{"k":1} => Set(2) {1,"x"}}'],
  ['dates', [new Date(0), new Date(NaN)], '[1970-01-01T00:00:00.000Z,Invalid Date]'],
  ['an expression', /a\/b/gi, '/a\\/b/gi'],
  ['typed arrays', [new Uint8Array([1, 255]), new BigInt64Array([1n]), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))], '[Uint8Array(2) [1,255],BigInt64Array(1) [1n],ArrayBuffer(3 bytes),DataView(2 bytes)]'],
  ['holes', [, 1, , undefined], '[<empty>,1,<empty>,undefined]'], // oxlint-disable-line no-sparse-arrays
  ['a cycle', cyclic, '{"a":1,"self":{"cyclic":[Circular]}}'],
  ['the same object twice', [form, form].map(() => ({})), '[{},{}]'],
  ['an instance', new Point(), 'Point {"x":1}'],
  ['getters, which are not run', withGetters, '{"a":[Getter],"b":[Setter]}'],
  ['a proxy that throws', { a: thrower, b: 1 }, '{"a":[not readable],"b":1}'],
  ['a toJSON that throws', { toJSON() { throw new Error('no') } }, '[not readable]'],
  ['a toJSON', [new URL('https://a.b/c?d=1'), { toJSON: () => 'text' }, { toJSON: () => ({ a: 1 }) }], '[https://a.b/c?d=1,"text",{"a":1}]'],
  ['a form of its own', { [Symbol.for('nodejs.util.inspect.custom')]: () => 'Money<5>' }, 'Money<5>'],
  ['names that are symbols', { [Symbol('k')]: 1 }, '{[Symbol(k)]:1}'],
  ['boxed values', [Object('a'), Object(1), Object(false), Object(2n)], '[[String: a],[Number: 1],[Boolean: false],[BigInt: 2]]'],
  ['headers and queries', [new Headers({ A: 'b' }), new URLSearchParams('a=1&a=2'), form], '[Headers {"a" => "b"},URLSearchParams {"a" => "1","a" => "2"},FormData {"a" => "1"}]'],
  ['answers', new Response('x', { status: 404, headers: { a: 'b', 'content-type': 'text/plain' } }), 'Response {"status":404,"url":"","headers":Headers {"a" => "b","content-type" => "text/plain"}}'],
  ['files', new File(['abc'], 'a.txt', { type: 'text/plain' }), 'File {"name":"a.txt","type":"text/plain","size":3}'],
  ['what cannot be looked into', [new WeakMap(), Promise.resolve(1), (function* g() {})()], '[WeakMap {},Promise {},Generator {}]'],
  ['a class that lies about its name', new (class { static override = 1; static { Object.defineProperty(this, 'name', { value: 7 }) } })(), '{}'],
])('%s', (_name, value, wanted) => expect(show(value)).toBe(wanted)); // oxfmt-ignore

describe('errors', () => {
  const withStack = (error: Error, stack: string): Error => Object.assign(error, { stack });

  test('have the frames of the handler only', () => {
    const stack =
      'TypeError: bad\n    at f (handler.js:1:2)\n    at Array.map (<anonymous>)\n    at call (main.js:9:9)';
    expect(show(withStack(new TypeError('bad'), stack))).toBe('TypeError: bad\n    at f (handler.js:1:2)');
    expect(show({ err: withStack(new Error('two\nlines'), 'Error: two\nlines\n    at main.js:1:1') })).toBe(
      '{"err":Error: two\nlines}',
    );
  });
  test('show their name when their stack lacks it', () => {
    expect(show(withStack(new Error('new'), 'Error: old\n    at f (handler.js:1:2)'))).toBe(
      'Error: new\n    at f (handler.js:1:2)',
    );
    expect(show(Object.assign(withStack(new Error(''), ''), { name: 'Named' }))).toBe('Named');
    const bare = Object.assign(new Error('x'), { stack: undefined });
    expect(show(bare)).toBe('Error: x');
  });
  test('have their fields, causes and the errors that they hold', () => {
    const cause = Object.assign(withStack(new TypeError('port'), ''), { code: 'E1', cause: 'text' });
    expect(show(withStack(new Error('save', { cause }), ''))).toBe(
      'Error: save\n  [cause]: TypeError: port\n  {"code":"E1"}\n  [cause]: "text"',
    );
    const many = withStack(new AggregateError([withStack(new Error('a'), ''), 7], 'all'), '');
    expect(show(many)).toBe('AggregateError: all\n  [errors]: [Error: a,7]');
    const suppressed = Object.assign(withStack(new Error('s'), ''), { error: 1, suppressed: 2 });
    expect(show(suppressed)).toBe('Error: s\n  [error]: 1\n  [suppressed]: 2');
    const abort = new DOMException('gone', 'AbortError');
    expect(show(abort)).toMatch(/^AbortError: gone/);
  });
  test('errors with circular causes end', () => {
    const error = withStack(new Error('self'), '');
    error.cause = error;
    expect(show(error)).toBe('Error: self\n  [cause]: [Circular]');
    let chain = withStack(new Error('0'), '');
    for (let n = 1; n < 100; n++) chain = withStack(new Error(String(n), { cause: chain }), '');
    expect(show(chain).match(/\[cause\]/g)).toHaveLength(8);
  });
  test('with unreadable parts are shown', () => {
    const hostile = Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(show({ hostile, b: 1 })).toBe('{"hostile":[not readable],"b":1}');
  });
});

describe('the work is bounded', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  test('in depth, items and characters', () => {
    expect(show(nested(100))).toBe(`${'{"a":'.repeat(8)}[Object]${'}'.repeat(8)}`);
    expect(show(Array(1000).fill(0))).toBe(`[${'0,'.repeat(100)}… 900 more]`);
    expect(show(new Set(Array.from({ length: 150 }, (_, n) => n)))).toMatch(/^Set\(150\) \{0,.*,99,… 50 more\}$/);
    expect(show(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, n])))).toMatch(/"k99":99,… more\}$/);
    expect(show('x'.repeat(100), 10)).toBe(`"${'x'.repeat(9)}`);
    expect(show({ a: 'x'.repeat(1_000_000) }, 1000)).toHaveLength(1000);
  });
  // All of it would be 100 to the power of 8, or 2 to the power of 100.
  test('a value is shown in bounded work, however wide and deep it is', () => {
    const wide = (depth: number): unknown => (depth === 0 ? 1 : Array(100).fill(wide(depth - 1)));
    expect(show(wide(8))).toHaveLength(LIMIT);
    let shared: unknown = {};
    for (let n = 0; n < 100; n++) shared = [shared, shared];
    expect(show(shared).length).toBeLessThanOrEqual(LIMIT);
    const long: unknown[] = [];
    long.length = 4_000_000_000;
    expect(show(long)).toMatch(/^\[(<empty>,){100}… 3999999900 more\]$/);
  });
});

test.each<[unknown[], string]>([
  [[], ''],
  [['100%'], '100%'],
  [['100%%'], '100%%'],
  [['a', 1, { b: 2 }, undefined], 'a 1 {"b":2} undefined'],
  [[{ a: 1 }, '%s', 2], '{"a":1} %s 2'],
  [['%s is %d%% of %i, %f', 'x', '5.5', 7.9, '1.25'], 'x is 5.5% of 7, 1.25'],
  [['%s %s', 'one'], 'one %s'],
  [['%s', 'one', 'two', 3], 'one two 3'],
  [['%d %i %d', 5n, {}, Symbol('x')], '5n NaN NaN'],
  [['%j %o %O', { a: 1 }, [1], new Map()], '{"a":1} [1] Map(0) {}'],
  [['%j', { toJSON: () => { throw new Error('x') } }], '[Circular]'],
  [['%cred%c plain', 'color: red', ''], 'red plain'],
  [['%x %s', 1], '%x 1'],
  [['%s', new Error('bad')], 'Error: bad'],
])('a line, formatted: %#', (values, wanted) => {
  expect(format(values, LIMIT).split('\n')[0]).toBe(wanted);
}); // oxfmt-ignore

test('a line has at most as many characters as it may', () => {
  expect(format(['x'.repeat(50), 'y'], 10)).toBe('x'.repeat(10));
  expect(format(['%s'.repeat(1000), ...Array<string>(1000).fill('z'.repeat(1000))], 5000)).toHaveLength(5000);
});

test('the description of a thrown value', () => {
  expect(describeThrown(new Response('', { status: 503 }), LIMIT)).toBe('a Response (503) was thrown');
  expect(describeThrown('text', LIMIT)).toBe('text');
  expect(describeThrown({ a: 1 }, LIMIT)).toBe('{"a":1}');
  expect(describeThrown('x'.repeat(20), 10)).toBe('x'.repeat(10));
});

test('console.table aligns the columns of all rows', () => {
  expect(toTable([{ a: 1, b: 'x' }, { b: 'yy' }], undefined)).toBe(
    '(index) | a | b\n0       | 1 | "x"\n1       |   | "yy"',
  );
  expect(toTable([{ a: 1, b: 2 }], ['b'])).toBe('(index) | b\n0       | 2');
  expect(toTable(new Map([['k', 7]]), undefined)).toBe('(index) | Values\n"k"     | 7');
  expect(toTable({ one: [1, 2], two: 3 }, undefined)).toBe(
    '(index) | 0 | 1 | Values\none     | 1 | 2 |\ntwo     |   |   | 3',
  );
  const odd = Object.defineProperty({ get a(): never { throw new Error('not to be run') } }, 'hidden', { value: 1 }); // oxfmt-ignore
  expect(toTable([odd], undefined)).toBe('(index) | a\n0       | [Getter]');
  expect(toTable([odd], ['a', 'hidden', 'toString'])).toBe(
    '(index) | a        | hidden | toString\n0       | [Getter] |        |',
  );
  expect(toTable(7, undefined)).toBeNull();
  expect(toTable(Array(5000).fill({ a: 1 }), undefined)!.split('\n')).toHaveLength(101);
});
