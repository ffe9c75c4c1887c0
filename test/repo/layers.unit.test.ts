import { describe, expect, test } from 'vitest';

const sources = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** `from '…'` of an import or re-export, over as many lines as it takes; imports for their effect; dynamic imports. */
const IMPORT = /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;

interface Rule {
  /** Folders, and single files, whose values may be used. */
  uses: string[];
  /** Those of which only types may be: the values arrive in the context. */
  typesOf: string[];
  packages: RegExp;
}

/** Who may import whom (ARCHITECTURE.md). Packages of core are libraries that compute and touch nothing. */
const RULES: Record<string, Rule> = {
  core: {
    uses: [],
    typesOf: ['storage', 'runtime'],
    packages:
      /^(zod|jose|re2js|acorn|tldts|jsonc-parser|fflate|csv-(parse|stringify)\/browser\/esm\/sync|node:(buffer|crypto|zlib))$/,
  },
  storage: { uses: [], typesOf: ['core'], packages: /^drizzle-orm(\/|$)/ },
  runtime: {
    // One rule for what user code may import, wherever it is checked.
    uses: ['dist', 'core/handler/imports.rules', 'core/handler/habits.rules', 'core/javascript.rules'],
    typesOf: ['core'],
    packages: /^(cloudflare:workers|acorn|sucrase|pyodide\/pyodide-lock\.json)$/,
  },
  http: { uses: ['core'], typesOf: [], packages: /^(hono|zod|zod-openapi|jsonc-parser)(\/|$)/ },
  entrypoints: { uses: ['core', 'open-context'], typesOf: ['storage'], packages: /^cloudflare:workers$/ },
};
/** What runs inside an isolate is a world of its own: it is bundled apart and reaches nothing outside its folder but types. */
const HARNESS: Rule = {
  uses: [],
  typesOf: [],
  packages: /^(cloudflare:workers|node:async_hooks|node:buffer|node:zlib|just-bash|re2js|zod|pyodide)(\/|$)/,
};

interface Import {
  specifier: string;
  typeOnly: boolean;
}
export const importsOf = (text: string): Import[] =>
  [...text.matchAll(IMPORT)].map(([, type, from, bare, dynamic]) => ({
    specifier: (from ?? bare ?? dynamic)!,
    typeOnly: type !== undefined,
  }));

/** Why an import of `file` (below src/) is not allowed, or null. */
function offence(file: string, { specifier, typeOnly }: Import): string | null {
  const folder = file.split('/')[0]!;
  const rule = file.startsWith('runtime/harness/') ? HARNESS : RULES[folder];
  if (rule === undefined) return null;
  if (!specifier.startsWith('.'))
    return rule.packages.test(specifier) ? null : `${file} imports the package ${specifier}`;
  const path = new URL(specifier, `file:///src/${file}`).pathname;
  const target = path.startsWith('/src/') ? path.slice('/src/'.length) : path.slice(1);
  const area = target.split('/')[0]!;
  if (rule === HARNESS ? target.startsWith('runtime/') : area === folder) return null;
  return rule.uses.includes(area) || rule.uses.includes(target) || (typeOnly && rule.typesOf.includes(area))
    ? null
    : `${file} imports ${target}`;
}

const files = Object.entries(sources).map(([path, text]) => [path.replace('../../src/', ''), text] as const);

test('every file keeps to its layer', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(
    files.flatMap(([file, text]) =>
      importsOf(text)
        .map((one) => offence(file, one))
        .filter((found) => found !== null),
    ),
  ).toEqual([]);
});

test('rules import only types and other rules', () => {
  const offences = files
    .filter(([file]) => file.endsWith('.rules.ts'))
    .flatMap(([file, text]) =>
      importsOf(text)
        .filter(
          ({ specifier, typeOnly }) => !typeOnly && specifier.startsWith('.') && !/\.(rules|schema)$/.test(specifier),
        )
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
  // Values without an effect: errors, ids, and lists that are data.
  expect(
    offences.filter(
      (one) =>
        !/imports \.\.?\/(\.\.\/)*([a-z]+\/)?(errors|ids|http-headers|libraries|long-integers|run-record|action-list|can)$/.test(
          one,
        ),
    ),
  ).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  expect(files.filter(([, text]) => text.split('\n').length > 301).map(([file]) => file)).toEqual([]);
});

describe('the rules see what they are to see', () => {
  test.each([
    ['core/key/x.ts', `import { Hono } from 'hono';`],
    ['core/key/x.ts', `import { createStore } from '../../storage/store';`],
    ['core/key/x.ts', `import type { App } from '../../http/app';`],
    ['core/key/x.ts', `import {\n  a,\n  b,\n} from 'cloudflare:workers';`],
    ['core/key/x.ts', `export { keys } from '../../storage/schema';`],
    ['core/key/x.ts', `const x = await import('drizzle-orm');`],
    ['storage/x.ts', `import { newId } from '../core/ids';`],
    ['runtime/x.ts', `import type { Store } from '../storage/store';`],
    ['http/admin/x.ts', `import type { RunRow } from '../../storage/runs';`],
    ['runtime/harness/javascript/x.ts', `import { newId } from '../../../core/ids';`],
  ])('%s: %s', (file, text) => {
    expect(importsOf(text).map((one) => offence(file, one))).toEqual([expect.stringContaining('imports')]);
  });
});
