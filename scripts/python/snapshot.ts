/**
 * Builds the memory snapshot: boots Pyodide in Node with the harness loaded and writes its memory without the empty pages.
 * A process of its own (build-python.ts starts it), because it stops the clock: the same inputs must give the same bytes.
 *
 *   node snapshot.ts <folder of Pyodide> <folder of the harness's Python> <snapshot file> <file for the recorded modules>
 *     <file for the compiled modules> <folder of Python to compile>...
 *
 * The compiled modules are those that render templates, as a zip file that Python imports from: compiling them takes 100 ms.
 */
import { statSync, writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { packPages } from '../../src/runtime/harness/python/pages.ts';
import { LIBRARY, PRELOAD } from '../../src/runtime/harness/python/pyodide.ts';
import { FREEZE, layOut } from '../../src/runtime/harness/python/set-parts.ts';
import { FIXED_TIME, fixSurroundings, pythonFiles, startPyodide, type SnapshotPyodide } from './interpreter.ts';

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

async function makeSnapshot(pyodide: string, library: string, made: Made, toCompile: string[]): Promise<void> {
  const seen = recordModules();
  fixSurroundings();
  const python = await startPyodide(pyodide);
  layOut(python, LIBRARY, pythonFiles(library));
  python.runPython(PRELOAD);
  python.runPython('from _portico.seeds import find_generators\nfind_generators()');
  python.runPython(FREEZE);
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
