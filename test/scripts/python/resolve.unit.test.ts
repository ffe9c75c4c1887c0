import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { addTo, lockSets, removeFrom, renderList } from '../../../scripts/python/packages';
import { readLock, readWanted, writeLock, writeWanted } from '../../../scripts/python/lock';
import { resolve, type Source } from '../../../src/core/code/resolve-packages';
import type { LockedWheel } from '../../../scripts/python/lock';
import { folderSource, pyodideSource } from '../../../scripts/python/sources';
import { wheelCache } from '../../../scripts/python/wheel-cache';
import { makeWheel, wheelFile, type WheelParts } from './wheels';

const root = mkdtempSync(join(tmpdir(), 'portico-wheels-'));
afterAll(() => rmSync(root, { recursive: true }));

const folders = new Map<string, Source<LockedWheel>>();
/** A folder with wheels as a source. */
function wheels(...parts: (Partial<WheelParts> & { name: string })[]): Source<LockedWheel> {
  const folder = mkdtempSync(join(root, 'w-'));
  for (const part of parts) {
    const whole = { version: '1.0', files: { [`${part.name}.py`]: '' }, ...part };
    writeFileSync(join(folder, wheelFile(whole)), makeWheel(whole));
  }
  folders.set(folder, folderSource(root, folder));
  return folders.get(folder)!;
}

const namesOf = async (requirements: string[], ...sources: Source<LockedWheel>[]): Promise<string[]> =>
  (await resolve(requirements, sources)).map(({ name, version }) => `${name} ${version}`);

describe('resolve', () => {
  test('takes the newest version that fits, and what it depends on here', async () => {
    const source = wheels(
      { name: 'a', requires: ['B_c>=1; python_version >= "3"', 'only-windows; os_name == "nt"'] },
      { name: 'b_c', version: '1.9' },
      { name: 'b_c', version: '1.10' },
      { name: 'b_c', version: '2.0rc1' },
    );
    expect(await namesOf(['A'], source)).toEqual(['a 1.0', 'b_c 1.10']);
  });

  test('follows extras, also of a package that is there already', async () => {
    const source = wheels(
      { name: 'a', requires: ['x; extra == "more"', 'y; extra == "other"'] },
      { name: 'b', requires: ['a[more]'] },
      { name: 'x' },
    );
    expect(await namesOf(['a', 'b'], source)).toEqual(['a 1.0', 'b 1.0', 'x 1.0']);
  });

  test('chooses again when a later package excludes a version', async () => {
    const source = wheels(
      { name: 'a', version: '1.0' },
      { name: 'a', version: '2.0' },
      { name: 'b', requires: ['a<2'] },
    );
    expect(await namesOf(['a', 'b'], source)).toEqual(['a 1.0', 'b 1.0']);
  });

  test('ends at packages that depend on each other, and at time zones, which are built in', async () => {
    const source = wheels({ name: 'a', requires: ['b', 'tzdata'] }, { name: 'b', requires: ['a'] });
    expect(await namesOf(['a'], source)).toEqual(['a 1.0', 'b 1.0']);
  });

  test.each([
    [['absent>=2'], 'absent>=2 (for the set): there is no wheel that runs here'],
    [['c'], 'absent (for c 1.0): there is no wheel'],
    [['a>1', 'd'], 'a>1 (for the set), a<2 (for d 1.0): there is no wheel'],
    [['e @ https://host.example/e.whl'], 'not a requirement that can be had from an index'],
    [['linux'], 'linux-1.0-cp314-cp314-manylinux_2_28_x86_64.whl is for another Python or platform'],
  ])('refuses %j with its reason', async (requirements, message) => {
    const source = wheels(
      { name: 'a', version: '1.0' },
      { name: 'a', version: '2.0' },
      { name: 'c', requires: ['absent'] },
      { name: 'd', requires: ['a<2'] },
      { name: 'linux', tag: 'cp314-cp314-manylinux_2_28_x86_64' },
    );
    await expect(resolve(requirements, [source])).rejects.toThrow(message);
  });

  test.each([
    ['cp314-cp314-pyemscripten_2026_0_wasm32', true],
    ['cp310-abi3-pyemscripten_2026_0_wasm32', true],
    ['py2.py3-none-any', true],
    ['cp313-cp313-pyemscripten_2025_0_wasm32', false],
    ['cp314-cp314-pyodide_2025_0_wasm32', false],
    ['cp315-abi3-pyemscripten_2026_0_wasm32', false],
    ['py2-none-any', false],
  ])('a wheel of %s runs here: %s', async (tag, runs) => {
    const found = await namesOf(['a'], wheels({ name: 'a', tag })).catch(() => []);
    expect(found.length === 1).toBe(runs);
  });
});

test("what Pyodide's distribution has comes from it, with the versions that it was built with", async () => {
  const pyodide = pyodideSource('node_modules/pyodide');
  const found = await resolve(['pandas>=3'], [wheels({ name: 'six', version: '1.17.0' }), pyodide]);
  const lock = JSON.parse(readFileSync('node_modules/pyodide/pyodide-lock.json', 'utf8')) as {
    packages: Record<string, { sha256: string; version: string }>;
  };
  expect(found.map(({ name, from }) => `${name} ${from}`)).toEqual([
    'numpy pyodide',
    'pandas pyodide',
    'python-dateutil pyodide',
    'pytz pyodide',
    'six folder',
  ]);
  const { sha256, url, version } = found[1]!;
  expect([sha256, version]).toEqual([lock.packages['pandas']!.sha256, lock.packages['pandas']!.version]);
  expect(url).toMatch(/\/v314\.0\.7\/full\/pandas-[\d.]+-cp314-cp314-pyemscripten_2026_0_wasm32\.whl$/);
  await expect(resolve(['pandas<3'], [pyodide])).rejects.toThrow('pandas<3 (for the set): there is no wheel');
  await expect(resolve(['libopenblas'], [pyodide])).rejects.toThrow('shared library');
});

describe('the files of an operator', () => {
  test('gain and lose packages', () => {
    const one = addTo({ sets: {} }, 'data', ['numpy']);
    const two = addTo(one, 'data', ['pandas', 'NumPy>=2']);
    expect(two).toEqual({ sets: { data: { requirements: ['pandas', 'NumPy>=2'] } } });
    expect(removeFrom(two, 'data', ['numpy'])).toEqual({ sets: { data: { requirements: ['pandas'] } } });
    expect(removeFrom(one, 'data', ['numpy'])).toEqual({ sets: {} });
    expect(() => removeFrom(one, 'data', ['six'])).toThrow('the set "data" does not require six');
    expect(() => addTo(one, 'data', ['https://host.example/x'])).toThrow('is not a package with versions');
  });

  test('are written, read and compared with each other', async () => {
    const folder = mkdtempSync(join(root, 'files-'));
    expect([readWanted(folder), readLock(folder, '314.0.7')]).toEqual([{ sets: {} }, null]);
    const wanted = addTo({ sets: {} }, 'data', ['a']);
    const lock = await lockSets(wanted, [wheels({ name: 'a' })], '314.0.7');
    writeWanted(folder, wanted);
    expect(() => readLock(folder, '314.0.7')).toThrow('run `npm run python:lock`');
    writeLock(folder, lock);
    expect(readLock(folder, '314.0.7')).toEqual(lock);
    expect(() => readLock(folder, '315.0.0')).toThrow('does not belong to python-packages.json and Pyodide 315.0.0');
    expect(renderList(lock)).toBe('data: a\n  a 1.0  a-1.0-py3-none-any.whl (folder)');
    writeFileSync(join(folder, 'python-packages.json'), '{"sets": {"Data": {"requirements": []}}}');
    expect(() => readWanted(folder)).toThrow('python-packages.json: sets.Data: ');
  });
});

describe('the cache of wheels', () => {
  test('keeps what it read, and refuses another file of the same name', async () => {
    const said: string[] = [];
    const cache = join(root, 'cache');
    const fetchWheel = wheelCache(root, cache, (line) => void said.push(line));
    const [wheel] = await resolve(['a'], [wheels({ name: 'a' })]);
    const bytes = await fetchWheel(wheel!);
    expect(await fetchWheel(wheel!)).toEqual(bytes);
    expect(said).toEqual(['downloading a-1.0-py3-none-any.whl']);
    await expect(fetchWheel({ ...wheel!, sha256: '0'.repeat(64) })).rejects.toThrow('is not the locked file');
    writeFileSync(join(cache, `${wheel!.sha256}.whl`), 'damaged');
    await expect(fetchWheel(wheel!)).rejects.toThrow('was damaged, and is deleted now');
    expect(await fetchWheel(wheel!)).toEqual(bytes);
  });
});
