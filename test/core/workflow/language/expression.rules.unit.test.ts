import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../../src/core/workflow/language/expression.rules';
import { parseTemplate } from '../../../../src/core/workflow/language/template.rules';
import { FORBIDDEN_MEMBERS } from '../../../../src/core/workflow/language/reach.rules';
import { $key, $text } from '../../../../src/runtime/harness/workflow/names';

describe('valid expressions', () => {
  test.each([
    '1',
    '"a" + 1.5',
    'params.price > 0 && body.items.length < 10',
    'params["first-name"]',
    'query.page ?? 1',
    'steps.order?.id',
    'vars.list.map((x) => x * 2).filter(Boolean)',
    'body.items.map(({ id, qty = 1 }, index) => ({ id, qty, index }))',
    'body.items.reduce((sum, [a, ...rest]) => sum + a + rest.length, 0)',
    '[...vars.rows, ...steps.page.rows]',
    '({ ...params, at: new Date().toISOString() })',
    '`Hi ${params.name}`',
    'Math.max(1, Number(params.n)) + Math.PI',
    'Object.entries(body).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&")',
    'JSON.stringify(body)',
    'Array.isArray(body) ? Array.from(body) : []',
    'typeof params.x === "string" || void 0 === undefined || !params.x || -1 < +"2" || ~1',
    '/^a+$/i.test(params.name)',
    'headers["x-a"] in { a: 1 }',
    'Date.now() - Date.parse(params.at)',
    'String(Number.isInteger(params.n))',
    '((f) => f(2))((x) => x + 1)',
  ])('%s', (text) => expect(parseExpression(text).issues).toEqual([]));
});

describe('invalid expressions', () => {
  test.each([
    ['', 'nothing'],
    ['params.', 'unfinished'],
    ['1; 2', 'two statements'],
    ['1, 2', 'a sequence'],
    ['a', 'an unknown name'],
    ['globalThis', 'the global object'],
    ['self.x', 'the global object'],
    ['this', 'this'],
    ['process.env', 'a global'],
    ['fetch("https://x")', 'the network'],
    ['eval("1")', 'eval'],
    ['Function("return 1")()', 'Function'],
    ['new Function("x")', 'Function'],
    ['new Date.constructor("x")', 'a constructor of a constructor'],
    ['new Map()', 'another class'],
    ['Object', 'a namespace as a value'],
    ['Object.getPrototypeOf(1)', 'a member that is not listed'],
    ['Object.assign(params, body)', 'a member that is not listed'],
    ['Object[vars.x]', 'a computed member of a namespace'],
    ['Math[vars.x]', 'a computed member of a namespace'],
    ['Array.prototype', 'a prototype'],
    ['Reflect.get(1, 2)', 'Reflect'],
    ['Symbol.iterator', 'Symbol'],
    ['params.constructor', 'constructor'],
    ['params?.constructor', 'constructor, optional'],
    ['params["constructor"]', 'constructor, quoted'],
    ['params["con\\u0073tructor"]', 'constructor, escaped'],
    ['params.\\u0063onstructor', 'constructor, escaped'],
    ['[].map.constructor("x")()', 'Function by way of a method'],
    ['(() => 1).constructor', 'Function by way of an arrow'],
    ['"".__proto__', '__proto__'],
    ['({ __proto__: params })', '__proto__ in a literal'],
    ['({ "__proto__": params })', '__proto__ in a literal, quoted'],
    ['({ constructor: 1 })', 'constructor in a literal'],
    ['(({ constructor }) => constructor)(params)', 'constructor in a pattern'],
    ['(({ constructor: c }) => c)(params)', 'constructor in a pattern, renamed'],
    ['(({ [vars.x]: c }) => c)(params)', 'a computed name in a pattern'],
    ['({}).__defineGetter__("a", () => 1)', '__defineGetter__'],
    ['({}).__lookupGetter__("a")', '__lookupGetter__'],
    ['params.x = 1', 'an assignment'],
    ['params.x++', 'an update'],
    ['delete params.x', 'delete'],
    ['params.x instanceof Date', 'instanceof'],
    ['function () {}', 'a function'],
    ['(function () { return this })()', 'a function'],
    ['(() => { return 1 })()', 'a function with statements'],
    ['async () => 1', 'an async function'],
    ['await params.x', 'await'],
    ['import("x")', 'an import'],
    ['import.meta', 'import.meta'],
    ['new.target', 'new.target'],
    ['arguments', 'arguments'],
    ['class {}', 'a class'],
    ['({ get a() { return 1 } })', 'an accessor'],
    ['({ a() { return 1 } })', 'a method'],
    ['String.raw`a`', 'a tagged template'],
    ['1n', 'a bigint'],
    ['params.x // end', 'a comment'],
    ['params /* a */ .x', 'a comment'],
    ['($run) => 1', 'a name of the compiler'],
    ['$run.secret("X")', 'a name of the compiler'],
    ['($key => params[vars.x])(1)', 'a name of the compiler'],
    ['params.x)) + ((1', 'a text that closes the brackets around it'],
    ['1\0', 'a NUL character'],
    ['('.repeat(3_999), 'endless brackets'],
    ['['.repeat(1_999) + ']'.repeat(1_999), 'endless nesting'],
    [`${'!'.repeat(3_000)}1`, 'endless operators'],
    [`1${'+1'.repeat(1_500)}`, 'an endless chain'],
  ])('%s (%s)', (text) => expect(parseExpression(text).issues).not.toEqual([]));

  test('have a place', () => {
    expect(parseExpression('params.x + this.y').issues).toEqual([
      { offset: 11, message: 'ThisExpression is not allowed in an expression' },
    ]);
  });
});

describe('code', () => {
  test.each([
    ['params.a', 'params.a'],
    ['params[vars.x]', 'params[$key(vars.x)]'],
    ['params?.[vars.x]?.[0]', 'params?.[$key(vars.x)]?.[0]'],
    ['body[vars[vars.x]].y[`a`]', 'body[$key(vars[$key(vars.x)])].y[$key(`a`)]'],
    ['({ [vars.x]: 1 })', '{ [$key(vars.x)]: 1 }'],
    ['((params) => params.a[params])(body)', '((params) => params.a[$key(params)])(body)'],
  ])('%s -> %s', (text, code) => expect(parseExpression(text).code.replace(/^\((\{.*\})\)$/, '$1')).toBe(code));
});

describe('computed members at run time', () => {
  test('the run-time library refuses the same members as the checks', () => {
    for (const name of FORBIDDEN_MEMBERS) expect(() => $key(name)).toThrow('not available');
    expect([$key('a'), $key(1), $key(null), $key({ toString: () => 'x' })]).toEqual(['a', 1, 'null', 'x']);
  });
  test('an object whose text changes is asked once', () => {
    let asked = 0;
    expect($key({ toString: () => (asked++ === 0 ? 'a' : 'constructor') })).toBe('a');
    expect(() => $key(['constructor'])).toThrow('not available');
  });
});

describe('references', () => {
  const of = (text: string) =>
    parseExpression(text).references.map(({ root, path, dynamic, guarded }) => [
      root,
      path.join('.'),
      dynamic,
      guarded,
    ]);
  test.each([
    ['params.a.b', [['params', 'a.b', false, false]]],
    ['params[0]["x"]', [['params', '0.x', false, false]]],
    [
      'params.a[vars.b].c',
      [
        ['vars', 'b', false, false],
        ['params', 'a', true, false],
      ],
    ],
    ['params.a ?? 1', [['params', 'a', false, true]]],
    ['params.a === undefined', [['params', 'a', false, true]]],
    ['[1].map((params) => params.a)', []],
    ['body', [['body', '', false, false]]],
  ])('%s', (text, expected) => expect(of(text)).toEqual(expected));
});

describe('templates', () => {
  test.each([
    ['plain', ['plain']],
    ['', []],
    ['Hi {{params.name}}!', ['Hi ', 'params.name', '!']],
    ['{{ {a: {b: 1}}.a.b }}{{"}}"}}', ['{a: {b: 1}}.a.b', '"}}"']],
    ['{{params[vars.x]}}', ['params[$key(vars.x)]']],
    ['a } b }} c { d', ['a } b }} c { d']],
  ])('%s', (text, parts) => {
    const template = parseTemplate(text);
    expect(template.issues).toEqual([]);
    expect(template.parts.map((part) => (typeof part === 'string' ? part : part.code))).toEqual(parts);
  });
  test.each(['{{', '{{}}', '{{params.name}', '{{params.name;}}', 'a {{this}} b', '{{params.x // }}', '{{a}} {{b}}'])(
    '%s is refused',
    (text) => {
      expect(parseTemplate(text).issues).not.toEqual([]);
    },
  );
  test('all issues are reported, with their place', () => {
    expect(parseTemplate('{{a}} and {{b}}').issues.map(({ offset }) => offset)).toEqual([2, 12]);
  });
  test('parts are joined as text', () => {
    expect($text('a', 1, null, undefined, { b: [2] }, true)).toBe('a1{"b":[2]}true');
  });
});
