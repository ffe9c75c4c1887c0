import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { markerHolds, PYTHON } from '../../../src/core/code/marker.rules';
import { findModule, findSet, type PackageSet } from '../../../src/core/code/package-set';
import { allowsVersion, parseRequirement } from '../../../src/core/code/requirement.rules';
import { readScriptMetadata } from '../../../src/core/code/script-metadata.rules';

test.each([
  ['pandas', { name: 'pandas', extras: [], specifier: '', marker: null }],
  ['Jinja2>=3,<4', { name: 'jinja2', extras: [], specifier: '>=3,<4', marker: null }],
  ['typing_extensions (>=4.1)', { name: 'typing-extensions', extras: [], specifier: '>=4.1', marker: null }],
  ['a.b [x, Y_z] ~= 1.2', { name: 'a-b', extras: ['x', 'y-z'], specifier: '~= 1.2', marker: null }],
  ["six; python_version < '3'", { name: 'six', extras: [], specifier: '', marker: "python_version < '3'" }],
])('parseRequirement reads %j', (text, expected) => {
  expect(parseRequirement(text)).toEqual(expected);
});

test.each([
  '',
  '>=2',
  'pandas=2',
  'pandas >= ',
  'p@ndas',
  'pandas @ https://host.example/x.whl',
  'six; python',
  'six; foo == "1"',
  '-x',
])('parseRequirement rejects %j', (text) => expect(parseRequirement(text)).toBeNull());

test.each([
  ['', '1.0', true],
  ['>=2,<3', '2.5', true],
  ['>=2,<3', '3.0', false],
  ['==2.*', '2.9.0.post0', true],
  ['~=1.4', '2.0', false],
  ['>=1', '2.0a1', false],
  ['>=2.0a1', '2.0a1', true],
])('the specifier %j and the version %s: %s', (specifier, version, allowed) => {
  expect(allowsVersion(specifier, version)).toBe(allowed);
});

test.each([
  ['sys_platform == "emscripten"', true],
  ['sys_platform == "win32" or os_name == "posix"', true],
  ['sys_platform == "win32" and os_name == "posix"', false],
  ['(platform_system == "Windows") and extra == "x"', false],
  ['python_version >= "3.9"', true],
  ['python_version < "3.9"', false],
  ['python_full_version<"3.14.2"', false],
  ['platform_machine in "x86_64 wasm32"', true],
  ['platform_machine not in "x86_64 wasm32"', false],
  ['"wasm32" == platform_machine', true],
  ['extra == "x"', true],
  ['extra == "y"', false],
])('the marker %s holds: %s', (marker, holds) => {
  expect(markerHolds(marker, ['x'])).toBe(holds);
});

test.each([
  '',
  'x',
  '==',
  '(os_name == "a"',
  'os_name == "a" or',
  'os_name "a"',
  'unknown == "1"',
  'os_name == "a" "b"',
])('the marker %j is none', (marker) => expect(() => markerHolds(marker)).toThrow(SyntaxError));

test('the version of Python is that of Pyodide', () => {
  const lock = JSON.parse(readFileSync('node_modules/pyodide/pyodide-lock.json', 'utf8')) as {
    info: { python: string };
  };
  expect(PYTHON).toBe(lock.info.python);
});

describe('the block of a script', () => {
  test.each([
    [
      'import x\n# /// script\n# dependencies = [\n#   "pandas>=2", # a comment\n# ]\n#\n# [tool.x]\n# y = 1\n# ///\n',
      ['pandas>=2'],
      2,
    ],
    ['# /// script\r\n# dependencies = ["a"]\r\n# ///\r\n', ['a'], 1],
    ['# /// script\n# requires-python = ">=3.11"\n# ///\n', [], 1],
  ])('of %j declares %j', (source, requires, line) => {
    expect(readScriptMetadata(source)).toEqual({ kind: 'declared', requires, line });
  });

  test.each([
    '',
    'x = 1',
    '# /// other\n# dependencies = ["a"]\n# ///\n',
    '# /// script\n# dependencies = ["a"]\n',
    '## /// script\n# ///',
  ])('is absent from %j', (source) => expect(readScriptMetadata(source)).toEqual({ kind: 'none' }));

  test.each([
    ['# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 1\n# ///\n', 'more than one'],
    ['# /// script\n# a = \n# ///\n', 'not TOML'],
    ['# /// script\n# dependencies = "a"\n# ///\n', 'must be a list'],
    ['# /// script\n# dependencies = ["a=1"]\n# ///\n', '"a=1", which is not a name'],
    ['# /// script\n# requires-python = "<3"\n# ///\n', 'requires-python'],
    ['# /// script\n# requires-python = 3\n# ///\n', 'requires-python'],
  ])('of %j is invalid', (source, message) => {
    expect(readScriptMetadata(source)).toEqual({
      kind: 'invalid',
      line: expect.any(Number),
      message: expect.stringContaining(message),
    });
  });

  test('is found in linear time', () => {
    expect(readScriptMetadata(`# /// script\n${'# \n'.repeat(100_000)}`)).toEqual({ kind: 'none' });
  });
});

const setOf = (name: string, memory: number, ...packages: [string, string, string[]][]): PackageSet => ({
  id: name,
  name,
  packages: packages.map(([name, version, modules]) => ({ name, version, modules })),
  bytes: { compiled: 0, files: 0, memory, memoryLimit: 80 },
  parts: { snapshot: 1, site: 1 },
});
const SETS = [
  setOf('large', 60, ['PyYAML', '6.0', ['_yaml', 'yaml']], ['numpy', '2.4', ['numpy']]),
  setOf('small', 30, ['numpy', '2.1', ['numpy']]),
];

describe('findSet', () => {
  test.each([
    [['numpy'], undefined, 'small'],
    [['numpy'], 'large', 'large'],
    [['numpy>=2.4'], 'small', 'large'],
    [['numpy', 'pyyaml'], undefined, 'large'],
    [['numpy', 'pywin32; sys_platform == "win32"'], undefined, 'small'],
    [['numpy>=3'], undefined, undefined],
    [['not a requirement'], undefined, undefined],
  ])('chooses for %j, before in %s: %s', (requires, preferred, expected) => {
    expect(findSet(SETS, requires, preferred)?.name).toBe(expected);
  });
  test('findModule knows packages by the names that scripts import, in the smallest set', () => {
    expect(findModule(SETS, 'yaml.loader')?.found.name).toBe('PyYAML');
    expect(findModule(SETS, 'numpy')?.set.name).toBe('small');
    expect(findModule(SETS, 'yamlx')).toBeUndefined();
  });
});
