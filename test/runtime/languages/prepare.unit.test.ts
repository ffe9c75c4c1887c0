import { describe, expect, test } from 'vitest';
import { prepareJavaScript } from '../../../src/runtime/languages/javascript';
import type { Prepared } from '../../../src/runtime/types';
import { prepareTypeScript } from '../../../src/runtime/languages/typescript';

const kindOf = (code: string): string => code.replace('source_', '');
const formOf = (prepared: Prepared): string =>
  prepared.kind === 'ready' ? prepared.artifact.form : prepared.issues.map(({ code }) => kindOf(code)).join();
/** `line:column code`, the line from 1 and the column from 0. */
const issuesOf = (prepared: Prepared): string[] =>
  prepared.kind === 'ready'
    ? []
    : prepared.issues.map(({ code, line, column }) => `${line}:${column && column - 1} ${kindOf(code)}`);

describe('how a handler is called', () => {
  test.each([
    ['export default function () {}', 'named'],
    ['export default async function f({ a }, ctx) {}', 'named'],
    ['export default () => 1', 'named'],
    ['export default async ({ a }) => a', 'named'],
    ['const f = () => 1; export default f', 'named'],
    ['function f() {} export { f as default }', 'named'],
    ['const f = function () {}; export { f as default }', 'named'],
    ['export function handler(request) {}', 'request'],
    ['export async function handler(request) {}', 'request'],
    ['export const handler = async (request) => 1', 'request'],
    ['export let handler; handler = () => 1', 'request'],
    ['function h() {} export { h as handler }', 'request'],
    ['export default () => 1; export const handler = () => 2', 'request'],
    ['export default () => 1; export const handler = 5', 'named'],
    ['export default { fetch() {} }', 'request'],
    ["export default { 'fetch': (request) => 1 }", 'request'],
    ['const app = {}; export default { ...app }', 'request'],
    ['const name = "fetch"; export default { [name]() {} }', 'request'],
    ['export default { __proto__: { fetch() {} } }', 'request'],
    ['const app = { fetch() {} }; export default app', 'request'],
    ['const app = {}; app.fetch = () => 1; export default app', 'request'],
    ["import { Hono } from 'hono'; const app = new Hono(); export default app", 'request'],
    ["import { Hono } from 'hono'; export default new Hono().get('/', (c) => c.text('x'))", 'request'],
    ['export const { handler } = { handler() {} }', 'request'],
    ['export const [handler] = [() => 1]', 'request'],
    ['', 'export'],
    ['export default 5', 'export'],
    ['export default "text"', 'export'],
    ['export default class {}', 'export'],
    ['export default [() => 1]', 'export'],
    ['export default { total: 1 }', 'export'],
    ['export default { handler() {} }', 'export'],
    ['export default { fetch: "https://example.com" }', 'export'],
    ['export const other = () => 1', 'export'],
    ['const x = 5; export default x', 'export'],
    ['function handler() {}', 'export'],
  ])('%s: %s', (source, form) => {
    expect(formOf(prepareJavaScript(source))).toBe(form);
    expect(formOf(prepareTypeScript(source))).toBe(form);
  });
  test.each([
    ['interface A { a: string } export default function ({ a }: A): string { return a }', 'named'],
    ['export default (async ({ a }: { a: number }) => a) satisfies Function', 'named'],
    [
      'export async function handler(request: Request, ctx: { params: Record<string, unknown> }): Promise<Response> { return new Response() }',
      'request',
    ],
    ['enum Colour { Red = 1 } export default () => Colour.Red', 'named'],
    ['export default <T,>(value: T): T => value', 'named'],
    ['class A { constructor(private readonly a: number) {} } export default () => new A(1)', 'named'],
    ['export type handler = () => void; export default () => 1', 'named'],
  ])('TypeScript: %s: %s', (source, form) => expect(formOf(prepareTypeScript(source))).toBe(form));
});

describe('how a bundle is called, whose constants are declared as var', () => {
  test.each([
    ['var f = ({ a }) => a; var f_default = f; export { f_default as default }', 'named'],
    ['var f_default = async ({ a }) => a; export { f_default as default }', 'named'],
    ['var h = (request) => 1; export { h as handler }', 'request'],
    ['var app = { fetch() {} }; export { app as default }', 'request'],
    ['var f = () => 1; f = wrap(f); export { f as default }', 'request'],
    ['var f = () => 1; [f] = [2]; export { f as default }', 'request'],
    ['var a = b, b = a; export { a as default }', 'request'],
    ['export const x = 1', 'export'],
  ])('%s: %s', (code, form) => expect(formOf(prepareJavaScript(code, true))).toBe(form));
});

describe('issues have a place', () => {
  test.each([
    ['export default () => {', ['1:22 syntax']],
    ['const a = 1;\nconst a = 2;\nexport default () => a', ['2:6 syntax']],
    ['export default () => 1;\n\n  let let = 1', ['3:6 syntax']],
    ['export default () => 1;\nif (', ['2:4 syntax']],
    ["export default () => 'x\n'", ['1:21 syntax']],
    ["import x from 'lodash';\nimport y from 'node:net';\nexport default () => [x, y]", ['1:0 import', '2:0 import']],
    ["import 'cloudflare:workers'; export default () => 1", ['1:0 import']],
    ["import './other.js'; export default () => 1", ['1:0 import']],
    ["import 'https://example.com/x.js'; export default () => 1", ['1:0 import']],
    ["export * from 'lodash'; export default () => 1", ['1:0 import']],
    ["export default () => import('lodash')", ['1:21 import']],
    ['export default (name) =>\n  import(name)', ['2:2 import']],
    ['export default () => import(`hono`)', ['1:21 import']],
    ["export { x } from 'lodash'", ['1:0 import', 'undefined:undefined export']],
  ])('%j: %j', (source, wanted) => {
    expect(issuesOf(prepareJavaScript(source))).toEqual(wanted);
    expect(issuesOf(prepareTypeScript(source)).map((issue) => issue.split(' ')[1])).toEqual(
      wanted.map((issue) => issue.split(' ')[1]),
    );
  });
  test.each([
    ['const a: number = 1;\nexport default function (x: string): string {\n  return x +;\n}', ['3:12 syntax']],
    ['interface A {\n  a: string;\n}\nconst b: A = { a: 1 };\nconst b = 2;\nexport default () => b', ['5:6 syntax']],
    ["type A = string;\nimport x from 'lodash';\nexport default () => x", ['2:0 import']],
    // Lines end in all the ways that JavaScript knows.
    ...['\n', '\r\n', '\r', '\u2028'].map((end): [string, string[]] => [
      ['enum E {', '  A = "x" + "y",', '}', 'export default () => E.A'].join(end),
      ['2:2 syntax'],
    ]),
  ])('TypeScript, in lines of the source as it was written: %j', (source, wanted) => {
    expect(issuesOf(prepareTypeScript(source))).toEqual(wanted);
  });
  test('the message of a syntax error names no position of its own', () => {
    const prepared = prepareJavaScript('let let = 1');
    expect(prepared.kind === 'refused' && prepared.issues[0]!.message).not.toMatch(/\(\d+:\d+\)/);
  });
});

test('libraries that a handler imports are listed once', () => {
  const source =
    "import { Hono } from 'hono'; import { cors } from 'hono/cors'; import 'hono'; const z = import('zod'); export default new Hono()";
  expect(prepareJavaScript(source)).toMatchObject({
    kind: 'ready',
    artifact: { libraries: ['hono', 'hono/cors', 'zod'] },
  });
});

test('a type-only import is ignored', () => {
  const source =
    "import type { Context } from 'hono-types'; import { type A } from './types'; export default (c: Context): A => c";
  expect(prepareTypeScript(source)).toMatchObject({ kind: 'ready', artifact: { libraries: [] } });
});

describe('sources that nest without end are refused, not a failure of ours', () => {
  const deep = 100_000;
  test.each([
    ['brackets', `export default () => ${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['parentheses', `export default () => ${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['operators', `export default () => ${'!'.repeat(deep)}1`],
    ['a sum', `export default () => 1${'+1'.repeat(deep)}`],
    ['blocks', `export default () => { ${'{'.repeat(deep)}${'}'.repeat(deep)} }`],
    ['calls', `export default () => f${'()'.repeat(deep)}`],
    ['templates', `export default () => ${'`${'.repeat(20_000)}1${'}`'.repeat(20_000)}`],
  ])('%s', (_name, source) => {
    for (const prepare of [prepareJavaScript, prepareTypeScript]) {
      const prepared = prepare(source);
      if (prepared.kind === 'refused') expect(prepared.issues).toMatchObject([{ code: 'source_syntax' }]);
    }
  });
});
