import { describe, expect, test } from 'vitest';
import { circles, issue, roomOf, FLOORS, type Arrow } from './rooms';

const sources = import.meta.glob<string>('../../src/**/*.{ts,js}', { query: '?raw', import: 'default', eager: true });
const files = new Map(
  Object.entries(sources)
    .map(([path, text]) => [path.replace('../../src/', ''), text] as const)
    .filter(([file]) => !file.endsWith('.d.ts')),
);

/** `from '…'` of an import or re-export, over as many lines as it takes; imports for their effect; dynamic imports. */
const IMPORT = /^(?:import|export)\s+(type\s)?([^'";]*?)from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;

interface Import {
  specifier: string;
  typeOnly: boolean;
}
const importsOf = (text: string): Import[] =>
  [...text.matchAll(IMPORT)].map(([, type, names = '', from, bare, dynamic]) => ({
    specifier: (from ?? bare ?? dynamic)!,
    typeOnly: type !== undefined || isListOfTypes(names),
  }));
const isListOfTypes = (names: string): boolean =>
  /^\{\s*type\s[^{}]*\}\s*$/.test(names) &&
  names
    .replace(/[{}]/g, '')
    .split(',')
    .every((name) => /^\s*(type\s.*)?$/.test(name));

/** The file below src/ that an import names, or the path itself where there is none. */
function resolve(from: string, specifier: string): string {
  const path = new URL(specifier, `file:///src/${from}`).pathname.replace(/^\/(src\/)?/, '');
  return ['', '.ts', '.js'].map((ending) => path + ending).find((file) => files.has(file)) ?? path;
}

/** Code that runs inside an isolate is a world of its own: it is bundled apart. */
const isHarness = (file: string): boolean => file.startsWith('runtime/harness/');

const arrows: Arrow[] = [...files].flatMap(([from, text]) =>
  importsOf(text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, typeOnly }) => ({ from, to: resolve(from, specifier), typeOnly })),
);

/** Packages by room. Those of core and plynx are libraries that compute and touch nothing. */
const PACKAGES: [string, RegExp][] = [
  ['runtime/harness/', /^(cloudflare:workers|node:async_hooks|just-bash|pyodide\/pyodide-lock\.json|fflate)$/],
  ['runtime/', /^(cloudflare:workers|acorn|sucrase)$/],
  ['core/code/', /^(acorn|zod|@renovatebot\/pep440|smol-toml)$/],
  ['storage/', /^(drizzle-orm(\/.+)?|node:zlib)$/],
  ['plynx/http/', /^hono(\/|$)/],
  ['http/', /^(hono|zod|zod-openapi)(\/|$)/],
  ['entrypoints/', /^cloudflare:workers$/],
  ['platform/', /^cloudflare:pipelines$/],
  ['', /^(zod|jose|re2js|acorn|croner|tldts|jsonc-parser|@cfworker\/json-schema|fflate|node:(buffer|crypto|zlib))$/],
];

test('every file is in a room, and every room has files', () => {
  expect(files.size).toBeGreaterThan(100);
  expect([...files.keys()].filter((file) => roomOf(file) === undefined)).toEqual([]);
  expect(FLOORS.flat().filter((room) => ![...files.keys()].some((file) => roomOf(file) === room))).toEqual([]);
});

test('no import runs up, or to another room on the same floor', () => {
  const inside = arrows.filter(({ from, to }) => !isHarness(from) && files.has(to));
  expect(inside.map(issue).filter((found) => found !== null)).toEqual([]);
});

test('the code of isolates reaches nothing outside its folder but types of the runtime', () => {
  const out = arrows.filter(
    ({ from, to, typeOnly }) => isHarness(from) && !isHarness(to) && !(typeOnly && to === 'runtime/types.ts'),
  );
  expect(out.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  expect(circles(arrows)).toEqual([]);
});

test('every room keeps to its packages', () => {
  const found = [...files].flatMap(([file, text]) =>
    importsOf(text)
      .map(({ specifier }) => specifier)
      .filter(
        (specifier) =>
          !specifier.startsWith('.') && !PACKAGES.find(([room]) => file.startsWith(room))![1].test(specifier),
      )
      .map((specifier) => `${file} imports the package ${specifier}`),
  );
  expect(found).toEqual([]);
});

/** Values without an effect: errors, ids, and lists that are data. */
const PLAIN = /^kernel\/|\/(libraries|action-list|permissions)\.ts$/;

test('rules import only types, other rules and plain values', () => {
  const found = arrows
    .filter(
      ({ from, to, typeOnly }) =>
        from.endsWith('.rules.ts') && !typeOnly && !/\.(rules|schema)\.ts$/.test(to) && !PLAIN.test(to),
    )
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(found).toEqual([]);
});

/** The clock and chance, where they are no default: after `=` of a parameter, or of the function that is one. */
const DRAWS = /(?<!= |=> )\b(Date\.now\(|new Date\(\)|Math\.random\(|crypto\.\w+\(|randomText\()/;

test('rules draw the clock and chance as defaults of arguments only', () => {
  const found = [...files].filter(([file, text]) => file.endsWith('.rules.ts') && DRAWS.test(text));
  expect(found.map(([file]) => file)).toEqual([]);
  expect(DRAWS.test('const id = `x_${randomText(8)}`;')).toBe(true);
  expect(DRAWS.test('(now = Date.now()) => now')).toBe(false);
});

test('no file is longer than 300 lines', () => {
  expect([...files].filter(([, text]) => text.split('\n').length > 301).map(([file]) => file)).toEqual([]);
});

describe('the rules see what they are to see', () => {
  test.each([
    ['kernel/ids.ts', 'core/access/context.ts', true],
    ['core/access/x.ts', 'core/identity/users/get-user.ts', true],
    ['core/audit/x.ts', 'core/uses/in-use.ts', false],
    ['core/identity/x.ts', 'storage/store.ts', false],
    ['core/gateway/x.ts', 'http/wire/errors.ts', true],
    ['storage/x.ts', 'kernel/x.ts', false, null],
    ['storage/x.ts', 'core/audit/audit.schema.ts', false],
    ['storage/x.ts', 'core/audit/audit.schema.ts', true, null],
    ['http/admin/x.ts', 'storage/runs.ts', true, null],
    ['http/admin/x.ts', 'storage/runs.ts', false],
    ['core/gateway/x.ts', 'core/publishing/endpoints/endpoint.schema.ts', false, null],
  ] as [string, string, boolean, null?][])('%s imports %s, types only: %s', (from, to, typeOnly, allowed) => {
    expect(issue({ from, to, typeOnly })).toEqual(allowed === null ? null : expect.stringContaining('imports'));
  });

  test('a circle of two and one of three files', () => {
    const arrow = (from: string, to: string): Arrow => ({ from, to, typeOnly: true });
    expect(
      circles([arrow('a', 'b'), arrow('b', 'a'), arrow('b', 'c'), arrow('d', 'e'), arrow('e', 'f'), arrow('f', 'd')]),
    ).toEqual([
      ['a', 'b'],
      ['d', 'e', 'f'],
    ]);
  });

  test.each([
    [`import { Hono } from 'hono';`, 'hono', false],
    [`import {\n  type A,\n  type B,\n} from './a';`, './a', true],
    [`import { type A, b } from './a';`, './a', false],
    [`export { keys } from '../../storage/schema';`, '../../storage/schema', false],
    [`import type { A } from './a';`, './a', true],
    [`const x = await import('drizzle-orm');`, 'drizzle-orm', false],
    [`import './effect';`, './effect', false],
  ])('%s', (text, specifier, typeOnly) => {
    expect(importsOf(text)).toEqual([{ specifier, typeOnly }]);
  });
});
