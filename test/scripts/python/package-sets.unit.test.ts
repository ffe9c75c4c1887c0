import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildSet, setId } from '../../../scripts/python/package-sets';
import { checkFits, memoryLimitOf } from '../../../src/core/code/package-set';
import { sha256 } from '../../../scripts/python/sha256';
import type { LockedWheel } from '../../../scripts/python/lock';
import { makeWheel, wheelFile, type WheelParts } from './wheels';

const MB = 1 << 20;

describe('a set fits an isolate', () => {
  test('with the memory that its files leave, in whole pages', () => {
    expect([memoryLimitOf(0, 0), memoryLimitOf(10 * MB, 20 * MB + 1)]).toEqual([64 * MB, 58 * MB - 65_536]);
  });
  test.each([
    [{ compiled: 0, memory: 30 }, 0, null],
    [{ compiled: 30, memory: 30 }, 26, 'one of its compiled modules has 27.3 MB, more than the 26.2 MB of one asset'],
    [{ compiled: 60, memory: 30 }, 20, 'its compiled modules have 62.9 MB, more than the 52.4 MB of an isolate'],
    [{ compiled: 20, memory: 70 }, 20, 'its snapshot needs 73.4 MB of memory, and 67.1 MB are left beside its files'],
  ])('%j MB: %s', ({ compiled, memory }, largest, reason) => {
    const memoryLimit = 64 * MB;
    const bytes = { compiled: compiled * MB, files: 0, memory: memory * MB, memoryLimit };
    const found = checkFits(bytes, 14 * MB, largest * MB);
    if (reason === null) expect(found).toBeNull();
    else expect(found).toContain(reason);
  });
});

const parts = (files: WheelParts['files']): WheelParts => ({ name: 'a', version: '1.0', files });
function setOf(wheel: WheelParts) {
  const bytes = makeWheel(wheel);
  const [name, version, file] = [wheel.name, wheel.version, wheelFile(wheel)];
  const locked: LockedWheel = { name, version, file, sha256: sha256(bytes), from: 'folder', url: file };
  return { bytes, set: { requirements: ['a'], wheels: [locked] } };
}

test('the id of a set changes with its wheels and its preload, not with their order', () => {
  const [{ set }, other] = [setOf(parts({ 'a.py': '' })), setOf(parts({ 'a.py': '1' }))];
  const [one, two] = [set.wheels[0]!, other.set.wheels[0]!];
  expect(setId({ ...set, wheels: [one, two] })).toBe(setId({ ...set, wheels: [two, one] }));
  const ids = [set, other.set, { ...set, preload: ['a'] }, { ...set, preload: [] }].map(setId);
  expect(new Set(ids).size).toBe(4);
});

test.each([
  [
    { 'a.so': new Uint8Array(readFileSync('test/fixtures/python-packages/mini.so')).slice(0, 8) },
    'a.so cannot be used: it is not a side module',
  ],
  [{ 'a.py': 'import absent' }, "No module named 'absent'"],
])('a set of %j cannot be built', async (files, message) => {
  const { set, bytes } = setOf(parts(files));
  const runtime = {
    pyodide: 'node_modules/pyodide',
    library: 'src/runtime/harness/python/lib',
    moduleBytes: 0,
    partBytes: MB,
  };
  const built = buildSet('one', set, async () => bytes, runtime);
  await expect(built).rejects.toThrow('the package set "one" cannot be built: ');
  await expect(built).rejects.toThrow(message);
});
