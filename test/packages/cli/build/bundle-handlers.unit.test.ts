import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleHandlers } from '../../../../packages/cli/src/build/bundle-handlers.ts';
import { renderFileIssues } from '../../../../packages/cli/src/project/jsonc.ts';
import { readFolder, type FolderObject } from '../../../../packages/cli/src/project/read-folder.ts';
import { mapPlaces, parseSourceMap } from '../../../../src/core/code/source-map.rules';
import { generateKey } from '../../../../src/core/identity/keys/key-value.rules';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'portico ü-'))));
afterEach(() => rmSync(folder, { recursive: true }));

type Content = string | Uint8Array;
const LOCAL = {
  name: 'local',
  origin: 'http://127.0.0.1:1',
  executor: undefined,
  isProtected: false,
  names: { users: {}, keys: {} },
};

function write(files: Record<string, Content>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
async function bundle(files: Record<string, Content>) {
  write(files);
  return bundleHandlers(folder, readFolder(folder, LOCAL));
}
const fileIssues = async (files: Record<string, Content>): Promise<string> =>
  renderFileIssues((await bundle(files)).fileIssues);
const handlerOf = (objects: readonly FolderObject[], identity: string): FolderObject =>
  objects.find((object) => object.identity === identity)!;
const pathsOf = ({ built }: FolderObject): string[] => built!.document.files.map(({ path }) => path);
/** The default export of a bundle. */
async function run({ built }: FolderObject, argument: unknown = {}): Promise<unknown> {
  const file = join(folder, 'built.mjs');
  writeFileSync(file, built!.module!.code);
  const module = (await import(`${pathToFileURL(file).href}?${Math.random()}`)) as { default: (a: unknown) => unknown };
  return module.default(argument);
}
const packageOf = (name: string, main: string, more: object = {}): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.2.3', main: 'index.js', ...more }),
  [`node_modules/${name}/index.js`]: main,
});

describe('bundleHandlers', () => {
  test('sends a folder with main.py as it is, and its limits hold', async () => {
    const files = {
      'handlers/report/main.py': 'from .tax import rate\r\nresult = rate\n',
      'handlers/report/tax.py': 'def rate(): return 1\n',
      'handlers/report/notes/README.md': 'Kept\n',
      'handlers/report/__pycache__/tax.cpython-314.pyc': new Uint8Array([255, 0]),
      'handlers/report.endpoint.jsonc': '{ "path": "report", "handler": "report/main.py" }',
      'handlers/plain/one.py': 'result = print\n',
    };
    const { objects, fileIssues: none } = await bundle(files);
    expect(none).toEqual([]);
    const report = handlerOf(objects, 'report/main.py');
    expect(pathsOf(report)).toEqual([
      'handlers/report/main.py',
      'handlers/report/notes/README.md',
      'handlers/report/tax.py',
    ]);
    expect(report.built).toMatchObject({ module: null, document: { packages: [], tool: 'none' } });
    expect(report.built!.texts['handlers/report/main.py']).not.toContain('\r');
    expect(handlerOf(objects, 'plain/one.py').built).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`handlers/report/m${i}.py`, '']));
    expect(await fileIssues(many)).toMatch(/^handlers\/report\/main\.py:1:1 {2}files /);
  });

  test('bundles a folder with an index, and sends all of its files in normal form', async () => {
    const { objects, fileIssues: none } = await bundle({
      'handlers/shop/index.ts':
        "\uFEFFimport { tax } from './money/tax.ts';\r\nexport default ({ net }: { net: number }) => tax(net);\r\n",
      'handlers/shop/money/tax.ts':
        "import rates from './rates.json';\nimport note from '../note.md';\nexport const tax = (net: number) => [net * rates.de, note];\n",
      'handlers/shop/money/rates.json': '{ "de": 2 }\n',
      'handlers/shop/note.md': '# Note\r\n',
      'handlers/shop/money/other.js': 'export default 1\n',
      'handlers/shop/shop.endpoint.jsonc': '{ "path": "shop" }',
      'handlers/plain.ts':
        "import { z } from 'zod';\nimport type { T } from '../lib/types.ts';\nexport default () => z.string()\n",
    });
    expect(none).toEqual([]);
    expect(objects.map(({ kind, identity }) => `${kind} ${identity}`)).toEqual([
      'handler plain.ts',
      'handler shop/index.ts',
      'endpoint POST shop',
    ]);
    expect(handlerOf(objects, 'POST shop').document).toMatchObject({ handler: 'shop/index.ts' });
    expect(handlerOf(objects, 'plain.ts').built).toBeUndefined();
    const shop = handlerOf(objects, 'shop/index.ts');
    expect(pathsOf(shop)).toEqual([
      'handlers/shop/index.ts',
      'handlers/shop/money/other.js',
      'handlers/shop/money/rates.json',
      'handlers/shop/money/tax.ts',
      'handlers/shop/note.md',
    ]);
    expect(shop.built!.texts['handlers/shop/index.ts']).not.toMatch(/\r|\uFEFF/);
    expect(await run(shop, { net: 10 })).toEqual([20, '# Note\n']);
  });

  test('bundles a single file that imports another, and leaves others as they are', async () => {
    const { objects } = await bundle({
      'handlers/a.js': "import { twice } from '../lib/twice.js';\nexport default ({ n }) => twice(n);\n",
      'handlers/b.js': "// from './nowhere'\nexport default () => \"import 'x'\";\n",
      'handlers/c/d.py': 'def handler(request):\n    return 1\n',
      'lib/twice.js': 'export const twice = (n) => n * 2;\n',
      'lib/unused.js': 'export {};\n',
    });
    expect(pathsOf(handlerOf(objects, 'a.js'))).toEqual(['handlers/a.js', 'lib/twice.js']);
    expect(await run(handlerOf(objects, 'a.js'), { n: 4 })).toBe(8);
    expect(handlerOf(objects, 'b.js').built).toBeUndefined();
    expect(handlerOf(objects, 'c/d.py').built).toBeUndefined();
  });

  test('bundles packages, also those in CommonJS that require modules of Node, and names their versions', async () => {
    const { objects, fileIssues: none } = await bundle({
      ...packageOf('esm', 'export const one = 1;', { type: 'module' }),
      ...packageOf(
        '@scope/cjs',
        "const { createHash } = require('crypto');\nmodule.exports = { Events: require('events'), hash: (t) => createHash('md5').update(t).digest('hex') };",
      ),
      'handlers/a.ts':
        "import cjs from '@scope/cjs';\nimport { one } from 'esm';\nimport { Hono } from 'hono';\nexport default () => [one, cjs.hash('x'), typeof cjs.Events, typeof Hono];\n",
    });
    expect(none).toEqual([]);
    const { built } = handlerOf(objects, 'a.ts');
    expect(built!.document.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      '@scope/cjs 1.2.3',
      'esm 1.2.3',
    ]);
    expect(built!.module!.code).toMatch(/^import .* from "hono";$/m);
    expect(built!.module!.code).toMatch(/^import .* from "node:crypto";$/m);
    writeFileSync(join(folder, 'node_modules/hono.js'), '');
    write(packageOf('hono', 'export class Hono {}', { type: 'module' }));
    expect(await run(handlerOf(objects, 'a.ts'))).toEqual([
      1,
      '9dd4e461268c8034f5c8564e155c67a6',
      'function',
      'function',
    ]);
  });

  test('has an identity that follows what goes in: files and packages', async () => {
    const files = {
      ...packageOf('dep', 'export const n = 1;', { type: 'module' }),
      'handlers/a.ts': "import { n } from 'dep';\nexport default () => n;\n",
    };
    const hash = async (more: Record<string, Content> = {}): Promise<string> =>
      handlerOf((await bundle({ ...files, ...more })).objects, 'a.ts').sha256;
    const first = await hash();
    expect(await hash({ 'handlers/a.ts': files['handlers/a.ts'].replaceAll('\n', '\r\n') })).toBe(first);
    expect(await hash({ 'node_modules/dep/README.md': 'other' })).toBe(first);
    expect(await hash({ 'node_modules/dep/index.js': 'export const n = 2;' })).not.toBe(first);
    expect(await hash({ 'tsconfig.json': '{ "compilerOptions": { "target": "es5" } }' })).toBe(first);
  });

  test('has a source map whose places are files of the project', async () => {
    const { objects } = await bundle({
      'handlers/a.ts': "import { fail } from '../lib/fail.ts';\nexport default () => fail();\n",
      'lib/fail.ts': 'export function fail(): never {\n  throw new Error("no");\n}\n',
    });
    const { code, map } = handlerOf(objects, 'a.ts').built!.module!;
    const line = code.split('\n').findIndex((text) => text.includes('new Error')) + 1;
    expect(mapPlaces([`handler.js:${line}:9`], parseSourceMap(map)!)).toEqual(['lib/fail.ts:2:9']);
  });

  test('shows every issue with its place: packages, modules of Node, syntax, kinds of files', async () => {
    const text = await fileIssues({
      ...packageOf('net-user', "import 'node:net';", { type: 'module' }),
      'handlers/a.ts': "import x from 'not-there';\nimport './b.wasm';\nimport 'net-user';\nexport default () => x;\n",
      'handlers/b.wasm': 'x',
      'handlers/c/index.ts': "import './d.ts'\n",
      'handlers/c/d.ts': 'export const = 1\n',
    });
    expect(text).toContain('handlers/a.ts:1:15  cannot find the package not-there: npm install not-there');
    expect(text).toMatch(/handlers\/a\.ts:2:\d+ {2}files such as handlers\/b\.wasm cannot be imported/);
    expect(text).toMatch(/node_modules\/net-user\/index\.js:1:\d+ {2}module "node:net" is not available/);
    expect(text).toContain('handlers/c/d.ts:1:14  Expected identifier but found "="');
  });

  test('refuses files outside of the project, by path or by link, and such that are no text or have a token', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'x.ts'), 'export default 1\n');
    mkdirSync(join(folder, 'lib'));
    symlinkSync(join(outside, 'x.ts'), join(folder, 'lib/link.ts'));
    const token = generateKey();
    const text = await fileIssues({
      'handlers/a.ts': `import x from '${outside}/x.ts';\nimport y from '../lib/link.ts';\nimport z from '../lib/z.txt';\nimport k from '../lib/k.txt';\nexport default () => [x, y, z, k];\n`,
      'lib/z.txt': new Uint8Array([255, 254, 0]),
      'lib/k.txt': `\n ${token}`,
    });
    rmSync(outside, { recursive: true });
    expect(text.match(/is outside of the project/g)).toHaveLength(1);
    expect(text).toContain('is not UTF-8 text');
    expect(text).toContain('lib/k.txt:2:2  contains the value of a key or token');
    expect(text).not.toContain(token);
  });

  test('names what makes a bundle too large', async () => {
    const text = await fileIssues({
      ...packageOf('big', `export default ${JSON.stringify('x'.repeat(1_100_000))};`, { type: 'module' }),
      'handlers/a.ts': "import big from 'big';\nexport default () => big;\n",
    });
    expect(text).toMatch(
      /^handlers\/a\.ts:1:1 {2}is \d+ bytes of code with what it imports, more than 1048576: big 1075 KiB/,
    );
  });
});
