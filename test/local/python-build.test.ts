import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPython } from '../../scripts/build-python';
import { functionModule, helperModules, signatures } from '../../scripts/python/helpers';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-build-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PYODIDE = 'node_modules/pyodide';
const content = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, readFileSync(join(path, name)).toString('base64')]),
  );

test('two builds are the same to the byte, a third has nothing to do, and a lost file is made again', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  expect(await buildPython(one)).toBe('built');
  // As on another machine: in another language, with another home and a longer environment.
  Object.assign(process.env, {
    LC_ALL: 'nl_BE.UTF-8',
    LANG: 'nl_BE.UTF-8',
    HOME: '/home/somebody-else',
    A_MARK: 'mark-of-this-machine',
  });
  expect(await buildPython(two)).toBe('built');
  expect(content(one)).toEqual(content(two));
  expect(await buildPython(one)).toBe('unchanged');
  rmSync(join(one, 'assets/python/helpers.json'));
  writeFileSync(join(one, 'assets/python/library.json'), '{}');
  expect(await buildPython(one)).toBe('built');
  expect(content(one)).toEqual(content(two));
});

test('the snapshot has nothing of the machine that made it', () => {
  const image = readFileSync(join(folder, 'two/assets/python/snapshot.bin')).toString('latin1');
  for (const word of [
    process.cwd(),
    folder,
    'snapshot.ts',
    'node_modules',
    'npm_',
    'somebody-else',
    'mark-of-this-machine',
  ])
    expect([word, image.includes(word)]).toEqual([word, false]);
});

test('the page about Python names the release of the time zones', () => {
  const [head] = inflateSync(readFileSync('src/runtime/harness/python/zones.bin')).toString('latin1').split('\n', 1);
  const { version } = JSON.parse(head!) as { version: string };
  expect(readFileSync('docs/compat/python.md', 'utf8')).toContain(`release ${version}`);
});

test('every asset is within 25 MiB', () => {
  const assets = join(folder, 'one/assets/python');
  const sizes = readdirSync(assets).map((name) => statSync(join(assets, name)).size);
  expect(sizes.length).toBe(10);
  expect(Math.max(...sizes)).toBeLessThan(25 * 1024 * 1024);
});

test('a function module exports the function it was given, with the types of its signature', async () => {
  const calls: unknown[][] = [];
  const record = (...values: unknown[]): number => calls.push(values);
  const instantiate = (signature: string) =>
    new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(functionModule(signature))), { e: { f: record } })
      .exports['f'] as (...values: unknown[]) => unknown;
  expect(instantiate('iijdfp')(1.9, 2n, 0.1, 0.5, -1)).toBe(1);
  expect(calls[0]).toEqual([1, 2n, 0.1, 0.5, -1]);
  expect(instantiate('v')()).toBeUndefined();
  const object = {};
  instantiate('ie')(object);
  expect(calls[2]?.[0]).toBe(object);
  expect(() => functionModule('ix')).toThrow('unknown type letter "x"');
});

test('the modules cover every signature that Pyodide names, and its three constants', () => {
  const read = (name: string): string => readFileSync(join(PYODIDE, name), 'utf8');
  const asm = read('pyodide.asm.mjs');
  const modules = helperModules(asm, read('pyodide.mjs'));
  expect(signatures(asm).length).toBeGreaterThan(150);
  for (const signature of signatures(asm))
    expect(modules).toContain(Buffer.from(functionModule(signature)).toString('hex'));
  const constants = modules.filter(
    (hex) =>
      !hex.startsWith('0061736d0100000001') ||
      WebAssembly.Module.exports(new WebAssembly.Module(Buffer.from(hex, 'hex')))[0]?.name !== 'f',
  );
  expect(constants).toHaveLength(3);
});
