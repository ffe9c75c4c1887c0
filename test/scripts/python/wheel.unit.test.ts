import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { zipSync } from 'fflate';
import { refusalOf, stripSideModule, stubOf } from '../../../src/runtime/harness/python/side-module';
import { readWheel } from '../../../src/runtime/harness/python/wheel';
import { makeWheel } from './wheels';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('readWheel', () => {
  test('keeps what runs, the metadata and the licenses', () => {
    const { files, modules, requires } = readWheel(
      makeWheel({
        name: 'A_b',
        version: '1.0',
        requires: ['six>=1', 'x; extra == "y"'],
        files: {
          'a_b/__init__.py': '',
          'a_b/data.json': '{}',
          'a_b/tests/test_a.py': '',
          'a_b/_c.pyi': '',
          'a_b/py.typed': '',
          'single.py': '',
          '_fast.cpython-314-wasm32-emscripten.so': '',
          'A_b-1.0.data/purelib/more/__init__.py': '',
          'A_b-1.0.data/scripts/run': '',
          'A_b-1.0.dist-info/entry_points.txt': '',
          'A_b-1.0.dist-info/licenses/vendored/MIT.txt': '',
        },
      }),
    );
    expect(Object.keys(files).sort()).toEqual([
      'A_b-1.0.dist-info/METADATA',
      'A_b-1.0.dist-info/entry_points.txt',
      'A_b-1.0.dist-info/licenses/LICENSE',
      'A_b-1.0.dist-info/licenses/vendored/MIT.txt',
      '_fast.cpython-314-wasm32-emscripten.so',
      'a_b/__init__.py',
      'a_b/data.json',
      'more/__init__.py',
      'single.py',
    ]);
    expect(modules).toEqual(['_fast', 'a_b', 'more', 'single']);
    expect(requires).toEqual(['six>=1', 'x; extra == "y"']);
  });

  test.each(['../outside.py', '/etc/passwd', 'a/../../b.py', 'a\\..\\b.py'])('refuses a file %j', (path) => {
    expect(() => readWheel(makeWheel({ name: 'a', version: '1', files: { [path]: '' } }))).toThrow(
      'outside of its folder',
    );
  });

  test('refuses what is not a wheel', () => {
    expect(() => readWheel(zipSync({ 'a.py': new Uint8Array() }))).toThrow('it is not a wheel');
    expect(() => readWheel(new Uint8Array(10))).toThrow();
  });
});

describe('a side module', () => {
  const mini = new Uint8Array(readFileSync('test/fixtures/python-packages/mini.so'));

  test('loses its names, and its stub has what the linker reads', () => {
    const stripped = stripSideModule(mini);
    const names = new WebAssembly.Module(stripped);
    expect(WebAssembly.Module.customSections(names, 'name')).toEqual([]);
    const stub = stubOf(stripped, 'so-7');
    expect(stub.length).toBeLessThan(100);
    const [linker, ours] = ['dylink.0', 'portico'].map((section) =>
      WebAssembly.Module.customSections(new WebAssembly.Module(stub), section).map((part) =>
        text(new Uint8Array(part)),
      ),
    );
    expect(linker![0]).toContain('libportico_dep.so');
    expect(ours).toEqual(['so-7']);
    expect(refusalOf(stripped)).toBeNull();
  });

  test.each([
    [new TextEncoder().encode('\x7fELF binary'), 'it is not WebAssembly'],
    [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'it is not a side module'],
    [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0x80), 'a number in it has no end'],
  ])('is not made of %s', (bytes, message) => {
    expect(() => stripSideModule(bytes)).toThrow(message);
  });

  test('with JavaScript in it is refused', () => {
    // A module with one export, a function of the name that Emscripten gives to EM_JS.
    const name = new TextEncoder().encode('__em_js__f');
    const code = [
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      7,
      name.length + 4,
      1,
      name.length,
      ...name,
      0,
      0,
      10,
      4,
      1,
      2,
      0,
      0x0b,
    ];
    expect(refusalOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...code))).toContain('JavaScript');
  });
});
