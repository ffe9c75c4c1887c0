/**
 * The steps that make a package set, wherever it is made: in Node when a service is built (scripts/python/set-snapshot.ts), in an isolate
 * when packages are uploaded (builder.ts).
 */
import { SITE, type EmscriptenModule, type Linked, type SiteFile } from './packages.ts';
import { LIBRARY, PRELOAD, type FileSystem } from './pyodide.ts';
import { refusalOf, stripSideModule, stubOf } from './side-module.ts';

/** The part of an interpreter that the steps use. */
export interface SetPython {
  FS: Pick<FileSystem, 'mkdirTree' | 'writeFile' | 'readFile'>;
  runPython: (code: string) => unknown;
}

/** A compiled extension of a set: path in the interpreter, file in the folder of the set, its stub and its code. */
export interface SideModule {
  path: string;
  file: string;
  stub: Uint8Array<ArrayBuffer>;
  code: Uint8Array<ArrayBuffer>;
}

const SIDE_MODULE = /\.so$/;

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Reads the side modules among the files of packages. Throws with the file that cannot run in an isolate, and why. */
export function readSideModules(files: readonly SiteFile[]): SideModule[] {
  return files
    .filter(([name]) => SIDE_MODULE.test(name))
    .map(([name, bytes], i) => {
      try {
        const code = stripSideModule(bytes);
        const refusal = refusalOf(code);
        if (refusal !== null) throw new TypeError(refusal);
        return { path: `${SITE}/${name}`, file: `so-${i}.wasm`, stub: stubOf(code, `so-${i}`), code };
      } catch (error) {
        throw new Error(`${name} cannot be used: ${(error as Error).message}`, { cause: error });
      }
    });
}

/** Returns the files as an isolate mounts them: bytecode for sources, stubs for side modules, everything else as it is; by path. */
export function siteOf(python: SetPython, files: readonly SiteFile[], sideModules: readonly SideModule[]): SiteFile[] {
  const others = files.filter(([name]) => !name.endsWith('.py') && !SIDE_MODULE.test(name));
  const stubs = sideModules.map(({ path, stub }): SiteFile => [path.slice(SITE.length + 1), stub]);
  return [...compileSources(python, files), ...others, ...stubs].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Compiles sources to bytecode that is never compared with them again. Packages need no sources: tracebacks leave them out. */
function compileSources(python: SetPython, files: readonly SiteFile[]): SiteFile[] {
  const sources = files.filter(([name]) => name.endsWith('.py'));
  layOut(python, '/compiled', Object.fromEntries(sources));
  python.runPython(`import compileall, py_compile
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
compileall.compile_dir('/compiled', maxlevels=50, quiet=2, legacy=True, stripdir='/compiled', invalidation_mode=mode)`);
  return sources.map(([name, source]): SiteFile => {
    const path = `/compiled/${name}c`;
    // A source for another version of Python: it fails when it is imported, as it does elsewhere.
    const compiled = python.runPython(`__import__('os').path.exists(${JSON.stringify(path)})`);
    return compiled === true ? [`${name}c`, python.FS.readFile(path)] : [name, source];
  });
}

/** Packs the files as `readSite` reads them. */
export function packSite(files: readonly SiteFile[]): Uint8Array<ArrayBuffer> {
  const index = new TextEncoder().encode(JSON.stringify(files.map(([path, bytes]) => [path, bytes.length])));
  const packed = new Uint8Array(4 + index.length + files.reduce((sum, [, { length }]) => sum + length, 0));
  new DataView(packed.buffer).setUint32(0, index.length, true);
  packed.set(index, 4);
  let at = 4 + index.length;
  for (const [, bytes] of files) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** Loads the harness and the packages into an interpreter without a snapshot. `library` has the harness's Python files by path. */
export function preload(
  python: SetPython,
  library: Record<string, string>,
  { modules, preload }: { modules: readonly string[]; preload: readonly string[] },
): void {
  layOut(python, LIBRARY, library);
  python.runPython(PRELOAD);
  python.runPython(`from _portico.packages import make_room, preload
make_room(${JSON.stringify(modules)})
preload(${JSON.stringify(preload)})`);
  python.runPython(FREEZE);
}

/** The last statements before a snapshot: collections skip what is there then. */
export const FREEZE = 'import gc\ngc.collect()\ngc.freeze()';

/** Returns the side modules that others need: linked before them, Emscripten finds them wherever they are. */
export function librariesOf(
  { getDylinkMetadata }: Pick<EmscriptenModule, 'getDylinkMetadata'>,
  paths: readonly string[],
  compiled: (path: string) => WebAssembly.Module,
): string[] {
  const needed = new Set(paths.flatMap((path) => getDylinkMetadata(compiled(path)).neededDynlibs));
  return paths.filter((path) => needed.has(path.slice(path.lastIndexOf('/') + 1)));
}

/** Returns the side modules that are loaded, in the order of loading. */
export const loadedOf = ({ LDSO }: EmscriptenModule): string[] =>
  Object.keys(LDSO.loadedLibsByName).filter((name) => name.startsWith('/') && SIDE_MODULE.test(name));

/** Returns what a snapshot has to know of its side modules. Throws when one is loaded that `order` does not have. */
export function linkedOf(module: EmscriptenModule, order: string[]): Linked {
  const late = loadedOf(module).filter((path) => !order.includes(path));
  if (late.length > 0) throw new Error(`${late.join(', ')} loads only on some starts, so no snapshot can hold it`);
  const handles: Linked['handles'] = {};
  for (const [handle, { name }] of Object.entries(module.LDSO.loadedLibsByHandle)) {
    if (Number(handle) !== 0) (handles[name] ??= []).push(Number(handle));
  }
  return { order, handles, table: module.wasmTable.length, memory: module.HEAP8.length };
}

/** A mounted file is the array itself, which Python may change. */
export const copyOf = ([path, bytes]: SiteFile): SiteFile => [path, bytes.slice()];

/** Writes files below a folder of Python's file system. */
export function layOut(
  { FS }: Pick<SetPython, 'FS'>,
  folder: string,
  files: Record<string, string | Uint8Array>,
): void {
  for (const [name, content] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, content);
  }
}
