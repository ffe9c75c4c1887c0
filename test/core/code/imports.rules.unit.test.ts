import { describe, expect, test } from 'vitest';
import { checkSource } from '../../../src/core/workflow/actions/code-source.rules';
import { checkModule, prepareJavaScript } from '../../../src/runtime/languages/javascript';
import { prepareTypeScript } from '../../../src/runtime/languages/typescript';
import type { Prepared } from '../../../src/runtime/types';

const messagesOf = (prepared: Prepared): string[] =>
  prepared.kind === 'ready' ? [] : prepared.issues.map(({ message }) => message);

/** Places where user code is saved or run, with the path of a statement to each. */
const PLACES: Record<string, (statement: string) => string[]> = {
  'a JavaScript handler': (statement) => messagesOf(prepareJavaScript(`export default async () => { ${statement} }`)),
  'a TypeScript handler': (statement) =>
    messagesOf(prepareTypeScript(`export default async (a: string): Promise<unknown> => { ${statement} }`)),
  'a code step': (statement) => checkSource(statement).map(({ message }) => message),
  'a JavaScript operation': (statement) =>
    checkModule(`export default async () => { ${statement} }`).issues.map(({ message }) => message),
};

const NONE = /^module "[^"]*" is not available/;
const LITERAL = /literal name/;
const ATTRIBUTES = /attributes/;
const REQUIRE = /require\(\) is not available/;

describe.each(Object.entries(PLACES))('%s', (_place, issuesOf) => {
  test.each([
    [`return await import('cloudflare:workers')`, NONE],
    [`return await import('cloudflare:sockets')`, NONE],
    [`return await import('workerd:unsafe')`, NONE],
    [`return await import('node:net')`, NONE],
    [`return await import('net')`, NONE],
    [`return await import('node:module')`, NONE],
    [`return await import('node:process')`, NONE],
    [`return await import('node:hono')`, NONE],
    [`return await import('./main.js')`, NONE],
    [`return await import('./handler.js')`, NONE],
    [`return await import('./workflow.js')`, NONE],
    [`return await import('main.js')`, NONE],
    [`return await import('/bundle/main.js')`, NONE],
    [`return await import('https://example.com/x.js')`, NONE],
    [`return await import('data:text/javascript,1')`, NONE],
    [`return await import('')`, NONE],
    [`return await import('constructor')`, NONE],
    [`return [1].map(async () => { if (1) { await import("n\\u006fde:net") } })`, NONE],
    [`return await import(globalThis.name)`, LITERAL],
    [`return await import('node:' + 'net')`, LITERAL],
    ['return await import(`zod`)', LITERAL],
    ['return await import(`zod${1}`)', LITERAL],
    [`return await import('zod', { with: { type: 'json' } })`, ATTRIBUTES],
    [`const c = require('node:crypto'); return c`, REQUIRE],
    [`return [require('zod')]`, REQUIRE],
  ])('refuses %s', (statement, message) => expect(issuesOf(statement)).toEqual([expect.stringMatching(message)]));

  test.each([
    `return await import('zod')`,
    `return await import('hono/cookie')`,
    `return await import('node:crypto')`,
    `return await import('crypto')`,
    `return await import('node:fs/promises')`,
    `return import.meta.url`,
    `return 'import("node:net")' /* import('node:net') */`,
    `return ({ import: 1, require: 2 }).require`,
    `const require = (name) => name; return require('x')`,
    `return typeof require === 'function' ? require('x') : null`,
  ])('takes %s', (statement) => expect(issuesOf(statement)).toEqual([]));
});

test('statements may import what import() may', () => {
  const module = (line: string): string[] => messagesOf(prepareJavaScript(`${line}\nexport default () => 1`));
  expect(
    module(`import { createHmac } from 'node:crypto'; import { Buffer } from 'buffer'; export * from 'zod'`),
  ).toEqual([]);
  expect(module(`import data from 'zod' with { type: 'json' }`)).toEqual([expect.stringMatching(ATTRIBUTES)]);
  expect(module(`export * from 'node:vm'; export * as x from './main.js'; export { y } from 'lodash'`)).toEqual([
    expect.stringMatching(NONE),
    expect.stringMatching(NONE),
    expect.stringMatching(NONE),
  ]);
});

test.each([`import { z } from 'zod'; return z`, 'export const a = 1', `export * from 'zod'`])(
  'a code step has no statement %s, and hears what to write',
  (source) => expect(checkSource(source)).toEqual([{ offset: 0, message: expect.stringContaining('await import(') }]),
);

test('an issue of a code step is at its place in the body', () => {
  expect(checkSource(`const a = 1;\nreturn import('node:net')`)).toMatchObject([{ offset: 20 }]);
});

test('the message has what may be imported instead', () => {
  const [issue] = checkModule(`import 'node:child_process'`).issues;
  expect(issue?.message).toContain('node:child_process');
  expect(issue?.message).toMatch(/assert, .*crypto, .*zlib/);
  expect(checkModule(`import '${'x'.repeat(10_000)}'`).issues[0]!.message.length).toBeLessThan(1000);
});
