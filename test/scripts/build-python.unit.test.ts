import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
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

/** Copies what `npm test` has built to a folder of its own. */
function copyOfDist(): string {
  const copy = join(folder, 'dist');
  for (const part of ['assets/python', 'harness/python-version.txt'])
    cpSync(join('dist', part), join(copy, part), { recursive: true });
  return copy;
}

test('a build with the same inputs has nothing to do; a lost file is made again, the same to the byte', async () => {
  const copy = copyOfDist();
  const before = content(copy);
  expect(await buildPython(copy)).toBe('unchanged');
  rmSync(join(copy, 'assets/python/helpers.json'));
  for (const name of ['library.json', 'snapshot.bin', 'templates.zip', 'harness.mjs'])
    writeFileSync(join(copy, 'assets/python', name), '{}');
  // As on another machine: in another language, with another home and a longer environment.
  vi.stubEnv('LC_ALL', 'nl_BE.UTF-8');
  vi.stubEnv('LANG', 'nl_BE.UTF-8');
  vi.stubEnv('HOME', '/home/somebody-else');
  vi.stubEnv('A_MARK', 'mark-of-this-machine');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await buildPython(copy)).toBe('built');
  expect(content(copy)).toEqual(before);
});

test('the snapshot has nothing of the machine that made it', () => {
  const image = readFileSync(join(folder, 'dist/assets/python/snapshot.bin')).toString('latin1');
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
  const assets = join(folder, 'dist/assets/python');
  const files = readdirSync(assets, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  expect(sizes.length).toBeGreaterThanOrEqual(10);
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
