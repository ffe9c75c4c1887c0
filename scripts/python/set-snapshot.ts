/**
 * Builds the snapshot of a package set: boots Pyodide in Node with the packages of a folder, imports some of them, and writes the memory.
 * A process of its own (package-sets.ts starts it), because it fixes clock and chance.
 *
 *   node set-snapshot.ts <job: JSON of SnapshotJob>
 *
 * Writes into `out`: snapshot.bin, site.bin, so-<n>.wasm and set.json.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  linkModules,
  mountSite,
  SITE,
  type EmscriptenModule,
  type Linked,
  type SetManifest,
  type SiteFile,
} from '../../src/runtime/harness/python/packages.ts';
import { packPages } from '../../src/runtime/harness/python/pages.ts';
import { LIBRARY, PRELOAD } from '../../src/runtime/harness/python/pyodide.ts';
import { fixSurroundings, FREEZE, layOut, pythonFiles, startPyodide, type SnapshotPyodide } from './interpreter.ts';
import { refusalOf, stripSideModule, stubOf } from './side-module.ts';

export interface SnapshotJob {
  pyodide: string;
  library: string;
  /** Folder with the packages' files as Python's site-packages has them. */
  site: string;
  /** Top-level modules of the packages. */
  modules: string[];
  /** Modules to import before the snapshot is made. */
  preload: string[];
  out: string;
}

interface SideModule {
  path: string;
  file: string;
  stub: Uint8Array<ArrayBuffer>;
  code: Uint8Array<ArrayBuffer>;
}

const SIDE_MODULE = /\.so$/;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function readFiles(folder: string): [string, Uint8Array<ArrayBuffer>][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);
}

function readSideModules(files: [string, Uint8Array][]): SideModule[] {
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

/** Answers a stub with the compiled module, as the isolate does. */
function installStubs(modules: readonly SideModule[]): (path: string) => WebAssembly.Module {
  const Real = WebAssembly.Module;
  const compiled = new Map<SideModule, WebAssembly.Module>();
  const compile = (module: SideModule): WebAssembly.Module => {
    const made = compiled.get(module) ?? new Real(module.code);
    compiled.set(module, made);
    return made;
  };
  const byStub = new Map(modules.map((module) => [hex(module.stub), module]));
  const byPath = new Map(modules.map((module) => [module.path, module]));
  WebAssembly.Module = new Proxy(Real, {
    construct(target, [source]: [BufferSource]) {
      const bytes = ArrayBuffer.isView(source)
        ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
        : new Uint8Array(source);
      const found = bytes.length < 100_000 ? byStub.get(hex(bytes)) : undefined;
      return found === undefined ? new target(source) : compile(found);
    },
  });
  return (path) => compile(byPath.get(path)!);
}

/** Compiles sources to bytecode that is never compared with them again. Packages need no sources: tracebacks leave them out. */
function compileSources(python: SnapshotPyodide, files: [string, Uint8Array][]): SiteFile[] {
  const sources = files.filter(([name]) => name.endsWith('.py'));
  layOut(python, '/compiled', Object.fromEntries(sources));
  python.runPython(`import compileall, py_compile
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
compileall.compile_dir('/compiled', maxlevels=50, quiet=2, legacy=True, stripdir='/compiled', invalidation_mode=mode)`);
  return sources.flatMap(([name, source]): SiteFile[] => {
    const path = `/compiled/${name}c`;
    // A source for another version of Python: it fails when it is imported, as it does elsewhere.
    const compiled = python.runPython(`__import__('os').path.exists(${JSON.stringify(path)})`);
    return compiled === true ? [[`${name}c`, python.FS.readFile(path)]] : [[name, source]];
  });
}

function packSite(files: readonly SiteFile[]): Uint8Array {
  const index = Buffer.from(JSON.stringify(files.map(([path, bytes]) => [path, bytes.length])));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index, ...files.map(([, bytes]) => bytes)]);
}

function preload(python: SnapshotPyodide, { library, modules, preload }: SnapshotJob): void {
  layOut(python, LIBRARY, pythonFiles(library));
  python.runPython(PRELOAD);
  python.runPython(`from _portico.packages import make_room, preload
make_room(${JSON.stringify(modules)})
preload(${JSON.stringify(preload)})`);
  python.runPython(FREEZE);
}

const loadedOf = ({ LDSO }: EmscriptenModule): string[] =>
  Object.keys(LDSO.loadedLibsByName).filter((name) => name.startsWith('/') && SIDE_MODULE.test(name));

function linkedOf(module: EmscriptenModule, order: string[]): Linked {
  const handles: Linked['handles'] = {};
  for (const [handle, { name }] of Object.entries(module.LDSO.loadedLibsByHandle)) {
    if (Number(handle) !== 0) (handles[name] ??= []).push(Number(handle));
  }
  return { order, handles, table: module.wasmTable.length, memory: module.HEAP8.length };
}

async function makeSet(job: SnapshotJob): Promise<void> {
  fixSurroundings();
  const files = readFiles(job.site);
  const sideModules = readSideModules(files);
  const compiled = installStubs(sideModules);
  const boot = async (
    order: (module: EmscriptenModule) => string[],
    site: () => SiteFile[],
  ): Promise<[SnapshotPyodide, EmscriptenModule]> => {
    let module: EmscriptenModule | undefined;
    const python = await startPyodide(
      job.pyodide,
      (early) => {
        mountSite(early.FS, site());
        linkModules(early, order(early), compiled);
      },
      (made) => (module = made),
    );
    return [python, module!];
  };

  const libraries = ({ getDylinkMetadata }: EmscriptenModule): string[] => {
    const needed = new Set(sideModules.flatMap(({ path }) => getDylinkMetadata(compiled(path)).neededDynlibs));
    return sideModules.map(({ path }) => path).filter((path) => needed.has(path.slice(path.lastIndexOf('/') + 1)));
  };

  // The first boot compiles the sources, and shows which side modules, if there are any, the imports load, in which order. Libraries that side modules need
  // are linked before: Emscripten finds them then, wherever they are.
  const [first, firstModule] = await boot(libraries, () => []);
  const others = files.filter(([name]) => !name.endsWith('.py') && !SIDE_MODULE.test(name));
  const stubs = sideModules.map(({ path, stub }): SiteFile => [path.slice(SITE.length + 1), stub]);
  const site = [...compileSources(first, files), ...others, ...stubs].sort(([a], [b]) => (a < b ? -1 : 1));
  if (sideModules.length > 0) {
    mountSite(firstModule.FS, site.map(copyOf));
    preload(first, job);
  }
  const order = loadedOf(firstModule);

  const [second, module] = await boot(
    () => order,
    () => site.map(copyOf),
  );
  preload(second, job);
  const late = loadedOf(module).filter((path) => !order.includes(path));
  if (late.length > 0) throw new Error(`${late.join(', ')} loads only on some starts, so no snapshot can hold it`);

  const manifest: SetManifest = {
    modules: sideModules.map(({ path, file, stub }) => ({ path, file, stub: hex(stub) })),
    linked: linkedOf(module, order),
  };
  mkdirSync(job.out, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(job.out, name), content);
  write('snapshot.bin', packPages(second.makeMemorySnapshot()));
  write('site.bin', packSite(site));
  for (const { file, code } of sideModules) write(file, code);
  write('set.json', JSON.stringify(manifest));
}

/** A mounted file is the array itself, which Python may change. */
const copyOf = ([path, bytes]: SiteFile): SiteFile => [path, bytes.slice()];

try {
  await makeSet(JSON.parse(process.argv[2]!) as SnapshotJob);
  process.exit(0);
} catch (error) {
  console.error(lastLines(error));
  process.exit(1);
}

function lastLines(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').slice(-15).join('\n');
}
