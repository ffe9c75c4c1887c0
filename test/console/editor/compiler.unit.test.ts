import { describe, expect, test } from 'vitest';
import ts from 'typescript-6';
import { annotations, inserted, toCopy, toSource } from '../../../console/src/editor/ts/annotate.rules.ts';
import { createCompiler } from '../../../console/src/editor/ts/compiler.ts';
import type { HandlerSource } from '../../../console/src/editor/ts/protocol.ts';
import { editorLibraries } from '../../../scripts/console/libraries.ts';
import { renderTypes } from '../../../src/core/projects/types/render-types.rules.ts';

const compiler = createCompiler(editorLibraries());
const parameters = [{ name: 'amount', type: 'integer', required: true }, { name: 'currency' }];
compiler.setTypes({
  declarations: renderTypes([
    { kind: 'endpoint', identity: 'POST quote', document: { parameters } },
    { kind: 'secret', identity: 'SHOP', document: {} },
    { kind: 'secret', identity: 'OTHER', document: {} },
  ]),
  endpoint: { identity: 'POST quote', secrets: ['SHOP'] },
});
const source = (text: string, language: HandlerSource['language'] = 'typescript'): HandlerSource => ({
  text,
  language,
});

describe.each(['typescript', 'javascript'] as const)('a handler in %s', (language) => {
  /** Completions at the mark `|`. */
  const offered = (text: string): string[] =>
    compiler.complete({ ...source(text.replace('|', ''), language), at: text.indexOf('|') }).map(({ label }) => label);
  /** The texts in which something is wrong. */
  const wrong = (text: string): string[] =>
    compiler.check(source(text, language)).map(({ from, to }) => text.slice(from, to));

  test.each([
    ['an arrow', 'export default ({ amount }, ctx) => ctx.|'],
    ['a function', 'export default async function quote(params, ctx) { ctx.| }'],
    ['a name', 'const run = (params, ctx) => ctx.|;\nexport default run;'],
  ])('that is %s gets completions of ctx', (_what, text) => {
    expect(offered(text)).toEqual(expect.arrayContaining(['caller', 'env', 'tables', 'waitUntil']));
  });

  test('gets the parameters and secrets of its endpoint alone', () => {
    expect(offered('export default params => params.|')).toEqual(['amount', 'currency']);
    expect(offered('export default (_, ctx) => ctx.env.|')).toEqual(['SHOP']);
  });

  test('is told what is wrong, at its place in the source', () => {
    expect(wrong('export default ({ amuont }, ctx) => ctx.env.NONE')).toEqual(['amuont', 'NONE']);
    expect(wrong('export default ({ amount }, { caller }) => amount.trim() + caller.id')).toEqual(['trim']);
    expect(wrong('export const handler = (request) => request.method + request.nothing')).toEqual(['nothing']);
    expect(wrong("import { Hono } from 'hono'; import 'left-pad';\nexport default new Hono();")).toEqual([
      "'left-pad'",
    ]);
  });

  test('that is right has no findings', () => {
    expect(
      wrong(`export default async ({ amount, currency }, ctx) => {
        const { status } = await fetch('https://example.com', { method: 'POST' });
        ctx.waitUntil(crypto.subtle.digest('SHA-256', new TextEncoder().encode(currency ?? '')));
        console.log(status, ctx.env.SHOP.length);
        return Response.json({ total: amount * 2, at: new URL(ctx.endpoint.url).host });
      };`),
    ).toEqual([]);
  });
});

test('types that are written stay, and count', () => {
  const text = 'export default ({ sum }: { sum: string }, ctx: { env: { A: 1 } }) => sum.trim() + ctx.env.A';
  expect(compiler.check(source(text))).toEqual([]);
  const jsdoc =
    '/** @param {{ sum: string }} params */\nexport default function (params) { return params.sum.trim(); }';
  expect(compiler.check(source(jsdoc, 'javascript'))).toEqual([]);
});

test('what is known of a symbol has its place in the source', () => {
  const text = 'export default ({ amount }) => amount';
  const found = compiler.quick({ ...source(text), at: text.length - 2 })!;
  expect([text.slice(found.from, found.to), found.text]).toEqual(['amount', expect.stringContaining('number')]);
});

test('hostile sources end in findings; one too deep for the compiler does not end it', () => {
  for (const text of ['', '}{', 'export default (', 'export default /*', '\u0000\u202e', 'export default ...x => x'])
    expect(Array.isArray(compiler.check(source(text)))).toBe(true);
  expect(() => compiler.check(source('('.repeat(100_000)))).toThrow(RangeError);
  expect(compiler.check(source('export default () => 1'))).toEqual([]);
});

test('offsets in the copy and in the source are translated into each other', () => {
  const text = 'export default a => a';
  const insertions = annotations(ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2024, true));
  const copy = inserted(text, insertions);
  expect(copy).toBe('export default (a: PorticoParams) => a');
  for (let at = 0; at <= text.length; at++) {
    expect(toSource(toCopy(at, insertions), insertions)).toBe(at);
  }
  expect(toSource(copy.indexOf('PorticoParams'), insertions)).toBe(text.indexOf(' =>'));
});
