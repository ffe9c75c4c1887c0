/** The wheels of tests: a compiled package with a library, pure ones, and stand-ins of flask and pandas. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { WheelParts } from './wheels.ts';

const built = (name: string): Uint8Array => new Uint8Array(readFileSync(join('test/fixtures/python-packages', name)));

export const FIXTURE_WHEELS: WheelParts[] = [
  {
    name: 'portico_mini',
    version: '1.0',
    tag: 'cp314-cp314-pyemscripten_2026_0_wasm32',
    requires: ['Portico-Pure >=1; sys_platform == "emscripten"', 'absent; sys_platform == "win32"'],
    files: {
      // The effect of its import is in the snapshot.
      'portico_mini/__init__.py': 'from . import mini\nfor _ in range(100):\n    mini.count()\n',
      'portico_mini/mini.so': built('mini.so'),
      'portico_mini/late.so': built('late.so'),
      'portico_mini.libs/libportico_dep.so': built('libportico_dep.so'),
      'portico_mini/tests/test_mini.py': 'raise Exception("tests are left out")\n',
    },
  },
  {
    name: 'portico_pure',
    version: '1.2',
    files: {
      'portico_pure/__init__.py': 'import random\nGENERATOR = random.Random()\nVALUE = "pure"\n',
      'portico_pure/unused.py': 'VALUE = "imported later"\n',
      'portico_pure/broken.py': 'print "of Python 2"\n',
      'portico_pure/data.txt': 'data of the package\n',
    },
  },
  { name: 'portico_pure', version: '0.9', files: { 'portico_pure/__init__.py': 'VALUE = "old"\n' } },
  // Its files leave less memory to the interpreter.
  {
    name: 'portico_heavy',
    version: '1.0',
    files: { 'portico_heavy/__init__.py': '', 'portico_heavy/data.bin': new Uint8Array(40 << 20) },
  },
  // One of the packages that scripts of Pyplan use by a name of their own.
  { name: 'cubepy', version: '1.0', files: { 'cubepy.py': 'CUBE = [1, 2, 3]\n' } },
  // The index has no pandas for this runtime. This is what the example uses of it, written by pandas' documentation.
  {
    name: 'pandas',
    version: '3.0.0',
    files: {
      'pandas/__init__.py':
        'import json\nclass DataFrame:\n    def __init__(self, data):\n        self.data = data\n' +
        '    def to_json(self, orient):\n        assert orient == "index"\n' +
        '        rows = zip(*self.data.values())\n' +
        '        return json.dumps({str(i): dict(zip(self.data, row)) for i, row in enumerate(rows)})\n',
    },
  },
  { name: 'flask', version: '3.1.0', files: { 'flask/__init__.py': '__version__ = "3.1.0"\n' } },
];
