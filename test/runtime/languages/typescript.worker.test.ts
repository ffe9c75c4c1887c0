import { describe, expect, test } from 'vitest';
import { bundleOf, invoke, runtime, settled } from '../runner.contract';

/** Everything that TypeScript has beyond types, and types where they are hard to tell from code: compiled as TypeScript compiles it. */
const COMPILED: [name: string, source: string, answer: unknown][] = [
  ['an enum', 'enum E { A, B = 5, C }\nexport default () => [E.A, E.B, E.C, E[5]]', [0, 5, 6, 'B']],
  ['an enum of texts', `export enum E { A = 'x', 'b-c' = "y" }\nexport default () => [E.A, E['b-c'], Object.keys(E)]`, ['x', 'y', ['A', 'b-c']]],
  ['a const enum', 'const enum E { A = 1, B }\nexport default () => [E.A, E.B]', [1, 2]],
  ['an enum with computed numbers', `const n = 2; enum E { A = n * 2, B = 'abc'.length, C = A | 8, D = -1, F }\nexport default () => [E.A, E.B, E.C, E.D, E.F]`, [4, 3, 12, -1, 0]],
  ['enums of one name', 'enum E { A = 1 } enum E { B = 2 }\nexport default () => [E.A, E.B]', [1, 2]],
  ['an enum in a function', 'export default () => { enum E { A = 3 } return E.A }', 3],
  ['declared things', `declare enum E { A }\ndeclare const x: number\ndeclare function f(): void\ndeclare global { interface Foo { x: number } }\ndeclare module 'x' { export const y: number }\ndeclare namespace N { const z: number }\nexport default () => 1`, 1],
  ['a namespace of types', 'namespace N { export interface A { class: string } export type B = typeof Map; export namespace M { type C = "const" } }\nexport default (a: N.A) => 1', 1],
  ['an empty namespace', 'namespace N {}\nexport default () => 1', 1],
  ['names that are words of TypeScript', 'const type = 1, namespace = 2, module = 3, declare = 4, abstract = 5, as = 6, satisfies = 7, is = 8\nexport default () => [type, namespace, module, declare, abstract, as, satisfies, is]', [1, 2, 3, 4, 5, 6, 7, 8]],
  ['text about namespaces', 'const s = "namespace A { const x }"; // module B { let y }\nexport default () => s.length', 23],
  ['parameter properties', 'class A { y = 5; constructor(private x: number, public readonly z = 2, protected w?: string) {} get() { return [this.x, this.y, this.z] } }\nexport default () => new A(1).get()', [1, 5, 2]],
  ['parameter properties of a derived class', 'class B { b = 1 }\nclass A extends B { q = this.b + 1; constructor(public x: number) { super() } }\nexport default () => { const a = new A(7); return [a.x, a.b, a.q] }', [7, 1, 2]],
  ['abstract classes', 'abstract class A { abstract m(): number; abstract x: number; n() { return this.m() } }\nclass B extends A { x = 1; m() { return 4 } }\nexport default () => [new B().n(), new B().x]', [4, 1]],
  ['declared fields', 'class A { x = 1 }\nclass B extends A { declare x: number }\nexport default () => new B().x', 1],
  ['fields without a value', 'class A { x!: number; y?: string; readonly z = 3; static s: number; [k: string]: unknown }\nexport default () => [Object.keys(new A()), A.s === undefined]', [['x', 'y', 'z'], true]],
  ['override, implements, private', 'interface I { m(): number }\nclass A implements I { #x: number = 4; m() { return this.#x } static is(o: any): o is A { return #x in o } }\nclass B extends A { override m() { return super.m() + 1 } }\nexport default () => [new B().m(), A.is(new B())]', [5, true]],
  ['satisfies, as, !', 'export default (p: any) => ({ a: (p!.x?.y! ?? 3) as number, b: [1, 2] as const } satisfies Record<string, unknown>)', { a: 3, b: [1, 2] }],
  ['angle brackets', 'const a = 1, b = 2, c = 3; const f = <T,>(x: T): T => x\nexport default () => [<number>(1 as any), f<number>(2), a < b && b > c, new (Map<string, number>)([["a", 1]]).get("a")]', [1, 2, false, 1]],
  ['overloads', 'export default function f(a: string): string\nexport default function f(a: number): number\nexport default function f(a: any) { return 3 }', 3],
  ['signatures', `function is(x: unknown): x is string { return typeof x === 'string' }\nfunction as(x: unknown): asserts x is number {}\nfunction f(this: { x: number }, y: number) { return this.x + y }\nexport default () => [is('a'), f.call({ x: 1 }, 2)]`, [true, 3]],
  ['types only', 'type X<T> = T extends infer U extends string ? `a${U}` : { -readonly [K in keyof T]-?: T[K] }\ninterface Y<in out T> { t: [a: T, ...b: T[]] }\nexport type { X }\nexport { type Y }\nexport default () => 1', 1],
  ['imports of types', `import type { Hono } from 'hono'\nimport { type Context } from 'hono'\nimport { HTTPException, Next } from 'hono/http-exception'\nexport default (c: Context, n: Next) => HTTPException.name`, 'HTTPException'],
  ['an import that is only used as a type', `import { Hono, Context } from 'hono'\nexport default (c: Context) => typeof Hono`, 'function'],
  ['using', 'export default () => { let o = 0; { using r = { [Symbol.dispose]() { o++ } } } return o }', 1],
  ['words of classes as fields', 'class A { accessor = 1; declare = 2; abstract = 3; readonly = 4; override = 5; static static = 6 }\nexport default () => Object.values(new A())', [1, 2, 3, 4, 5]],
  ['arrows in conditions', 'const f = (a: any) => a ? (b: number): number => b : (c: any) => c + 1\nexport default () => [f(1)(5), f(0)(5)]', [5, 6]],
]; // oxfmt-ignore

test.each(COMPILED)('%s', async (_name, source, answer) => {
  const bundle = await bundleOf('typescript', source);
  const { outcome, text } = await settled(await invoke(bundle, { mode: 'pooled' }, { params: {} }));
  expect(outcome.kind, JSON.stringify(outcome)).toBe('text');
  expect(outcome).toHaveProperty('format', typeof answer === 'string' ? 'text' : 'json');
  expect(typeof answer === 'string' ? text : JSON.parse(text)).toEqual(answer);
});

describe('syntax beyond types that is not compiled is refused with its place', () => {
  const NAMESPACE = (name: string): string =>
    `a namespace with values in it is not supported; write const ${name} = { … }, or single exports`;
  const ENUM = (name: string): string =>
    `the text of the enum member ${name} is computed, which is not supported; write it in quotes`;
  test.each<[string, string, object]>([
    ['a namespace', '\n  namespace Rates { export const vat = 0.21 }', { line: 2, column: 3, message: NAMESPACE('Rates') }],
    ['a module', 'module Rates { let vat = 1 }', { line: 1, column: 1, message: NAMESPACE('Rates') }],
    ['one that is exported', 'export namespace A.B { export function f() {} }', { line: 1, column: 8, message: NAMESPACE('A') }],
    ['one beside types', 'namespace A { type T = { x: 1 }; interface I {} export class C {} }', { line: 1, message: NAMESPACE('A') }],
    ['one that is merged with a class', 'class A {}\nnamespace A { export enum E { X } }', { line: 2, message: NAMESPACE('A') }],
    ['a text of an enum that is a template', 'enum E {\n  A = 1,\n  B = `y` }', { line: 3, column: 3, message: ENUM('B') }],
    ['a text of an enum that is added up', `enum E { A = 'a', B = 'x' + 'y' }`, { line: 1, message: ENUM('B') }],
    ['a text of an enum that is another', `enum E { A = 'a', B = A }`, { line: 1, message: ENUM('B') }],
    ['a decorator of a class', 'const d = (x: any) => x;\n@d class A {}', { line: 2, column: 1, message: 'decorators are not supported' }],
    ['a decorator of a method', 'class A { @d m() {} }', { line: 1, column: 11, message: 'decorators are not supported' }],
    ['an accessor', 'class A { accessor x = 5 }', { line: 1, column: 20 }],
    ['import = require', `import x = require('hono')\nx.Hono`, { line: 1, message: 'require() is not available; use import' }],
    ['export as namespace', 'export as namespace Foo', { line: 1 }],
    ['JSX', 'const a = <div>hi</div>', { line: 1 }],
  ])('%s', async (_name, source, issue) => {
    const prepared = await runtime.prepare('typescript', `${source}\nexport default () => 1`, 'handler.ts');
    expect(prepared).toMatchObject({ kind: 'refused', issues: [{ ...issue, column: expect.any(Number) as number }] });
    if ('column' in issue) expect(prepared).toMatchObject({ issues: [issue] });
  });

  test('export = does not export a handler', async () => {
    const prepared = await runtime.prepare('typescript', 'const f = () => 1\nexport = f', 'handler.ts');
    expect(prepared.kind).toBe('refused');
  });
}); // oxfmt-ignore
