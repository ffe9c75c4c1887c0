/**
 * Builds the memory snapshot: boots Pyodide in Node with the harness loaded and writes its memory without the empty pages.
 * A process of its own (build-python.ts starts it), because it stops the clock: the same inputs must give the same bytes.
 *
 *   node snapshot.ts <folder of Pyodide> <folder of the harness's Python> <snapshot file> <file for the recorded modules>
 *     <file for the compiled modules> <folder of Python to compile>...
 *
 * The compiled modules are those that render templates, as a zip file that Python imports from: compiling them takes 100 ms.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import { packPages } from '../../src/runtime/harness/python/pages.ts';
import { ENVIRONMENT, LIBRARY, PRELOAD } from '../../src/runtime/harness/python/pyodide.ts';

interface SnapshotPyodide {
  FS: {
    mkdirTree: (path: string) => void;
    writeFile: (path: string, data: string) => void;
    readFile: (path: string) => Uint8Array;
  };
  runPython: (code: string) => unknown;
  makeMemorySnapshot: () => Uint8Array;
}

/** The clock while the snapshot is made: 2026-01-01T00:00:00Z. */
const FIXED_TIME = 1_767_225_600_000;

/** Fixes the clock: loaded modules keep the time at which they were loaded. */
function fixClock(): void {
  Date.now = () => FIXED_TIME;
  performance.now = () => 0;
}

/** Records every module that Pyodide compiles besides its own, as hex: the build compares them with the generated ones. */
function recordModules(): Set<string> {
  const seen = new Set<string>();
  const note = (source: BufferSource): void => {
    const bytes = ArrayBuffer.isView(source)
      ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
      : Buffer.from(source);
    if (bytes.length < 100_000) seen.add(bytes.toString('hex'));
  };
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct(target, [source]: [BufferSource]) {
      note(source);
      return new target(source);
    },
  });
  const compile = WebAssembly.compile.bind(WebAssembly);
  WebAssembly.compile = (source) => {
    note(source as BufferSource);
    return compile(source);
  };
  return seen;
}

/** Returns the Python files below a folder, by path, in a fixed order. */
export function pythonFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Writes Python files below a folder of Pyodide's file system. */
function layOut({ FS }: SnapshotPyodide, folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, text);
  }
}

/** Compiles Python files to a zip file of bytecode by path, which is never compared with its source again. */
function compileModules(python: SnapshotPyodide, files: Record<string, string>): Uint8Array {
  layOut(python, '/compiled', files);
  python.runPython(`import compileall, py_compile
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
if not compileall.compile_dir('/compiled', quiet=1, legacy=True, stripdir='/compiled', invalidation_mode=mode):
    raise SyntaxError('a module that renders templates does not compile')`);
  const compiled = Object.keys(files).map((name) => [`${name}c`, python.FS.readFile(`/compiled/${name}c`)] as const);
  return zipSync(Object.fromEntries(compiled), { level: 9, mtime: FIXED_TIME });
}

interface Made {
  snapshot: string;
  recorded: string;
  compiled: string;
}

/** Hides the program's path, which Emscripten reads here; in an isolate it always uses a default. */
function hideProgramPath(): void {
  process.argv = [process.argv[0]!, './this.program'];
}

async function makeSnapshot(pyodide: string, library: string, made: Made, toCompile: string[]): Promise<void> {
  const seen = recordModules();
  fixClock();
  hideProgramPath();
  const { loadPyodide } = (await import(pathToFileURL(join(pyodide, 'pyodide.mjs')).href)) as {
    loadPyodide: (options: object) => Promise<SnapshotPyodide>;
  };
  const lock = JSON.parse(readFileSync(join(pyodide, 'pyodide-lock.json'), 'utf8')) as { info: object };
  const python = await loadPyodide({
    indexURL: pyodide,
    lockFileContents: { info: lock.info, packages: {} },
    env: { ...ENVIRONMENT },
    _makeSnapshot: true,
  });
  layOut(python, LIBRARY, pythonFiles(library));
  python.runPython(PRELOAD);
  // The generator's state is the only randomness left in the memory; every boot seeds it again.
  python.runPython('import gc, random\nrandom.seed(0)\ngc.collect()\ngc.freeze()');
  writeFileSync(made.snapshot, packPages(python.makeMemorySnapshot()));
  writeFileSync(made.recorded, JSON.stringify([...seen].sort()));
  writeFileSync(made.compiled, compileModules(python, Object.assign({}, ...toCompile.map(pythonFiles))));
}

if (process.argv[1] !== undefined && statSync(process.argv[1]).ino === statSync(import.meta.filename).ino) {
  const [pyodide, library, snapshot, recorded, compiled, ...toCompile] = process.argv.slice(2) as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  await makeSnapshot(pyodide, library, { snapshot, recorded, compiled }, toCompile);
}
