/**
 * Third-party packages in an interpreter: files beside Python's library, and among them side modules (compiled extensions), which the loader
 * has compiled. The file of a side module is a stub: its section for the linker, and a name. The lookup of `overlay.ts` returns the compiled
 * module for these bytes. Used by the isolate, and by the build, which makes the snapshot of a set.
 */

/**
 * Folder of the packages. Not Python's site-packages: Pyodide lists those when it starts, and then holds a JavaScript object, which no
 * snapshot can have. `_portico.packages` adds it to the path.
 */
export const SITE = '/lib/packages';

/** Side modules in the snapshot of a set. */
export interface Linked {
  /** Their paths in the order of loading. */
  order: string[];
  /** The handles of `dlopen`, by path. */
  handles: Record<string, number[]>;
  /** Length of the function table, and bytes of memory. */
  table: number;
  memory: number;
}

/** The file `set.json` of a set: what the modules of its isolates are made from. */
export interface SetManifest {
  /** Side modules: path in the interpreter, file in the folder of the set, and the bytes of the stub in hex. */
  modules: { path: string; file: string; stub: string }[];
  /** Null for a set of uploaded packages, which has it beside the snapshot of each version of the runtime. */
  linked: Linked | null;
}

interface Library {
  refcount: number;
  global: boolean;
  exports: unknown;
  name: string;
}

/** The parts of Emscripten's module that linking uses. All are its public names. */
export interface EmscriptenModule {
  FS: {
    mkdirTree: (path: string) => void;
    writeFile: (path: string, data: Uint8Array, options?: { canOwn: boolean }) => void;
  };
  HEAP8: Int8Array;
  LDSO: { loadedLibsByName: Record<string, Library>; loadedLibsByHandle: Record<string, Library> };
  newDSO: (name: string, handle: number | undefined, symbols: unknown) => Library;
  loadWebAssemblyModule: (module: WebAssembly.Module, flags: object, name: string, scope: object) => unknown;
  getDylinkMetadata: (module: WebAssembly.Module) => { neededDynlibs: string[] };
  growMemory: (size: number) => void;
  wasmTable: WebAssembly.Table;
}

/** A file of a package by its path below SITE. */
export type SiteFile = [path: string, bytes: Uint8Array];

/** Lays out files where Python finds packages. The bytes become the files, without a copy. */
export function mountSite(fs: EmscriptenModule['FS'], files: readonly SiteFile[]): void {
  let folder = '';
  for (const [name, bytes] of files) {
    const path = `${SITE}/${name}`;
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== folder) fs.mkdirTree((folder = parent));
    fs.writeFile(path, bytes, { canOwn: true });
  }
}

/**
 * Links side modules before the interpreter starts: in the same order, memory and table are then given out the same way on every boot, so
 * what a snapshot has of them fits. Its pages are written over this afterwards.
 */
export function linkModules(
  module: EmscriptenModule,
  order: readonly string[],
  compiled: (path: string) => WebAssembly.Module,
  handles: Linked['handles'] = {},
): void {
  const { loadedLibsByName, loadedLibsByHandle } = module.LDSO;
  const byFileName = new Map(order.map((path) => [path.slice(path.lastIndexOf('/') + 1), path]));
  const add = (path: string): Library => {
    const loaded = loadedLibsByName[path];
    if (loaded !== undefined) return loaded;
    const code = compiled(path);
    // Emscripten looks up what a module needs by its bare name first; its search through folders needs a running interpreter.
    for (const needed of module.getDylinkMetadata(code).neededDynlibs) {
      const found = byFileName.get(needed);
      if (found !== undefined) add(found);
    }
    const library = module.newDSO(path, undefined, 'loading');
    library.global = false;
    library.exports = module.loadWebAssemblyModule(code, {}, path, {});
    // Under its bare name, too, for modules that need it and are loaded later.
    loadedLibsByName[path.slice(path.lastIndexOf('/') + 1)] ??= library;
    for (const handle of handles[path] ?? []) loadedLibsByHandle[handle] = library;
    return library;
  };
  order.forEach(add);
}

/** Restores the places of the snapshot: its memory before linking, its table after it. */
export function linkSnapshot(
  module: EmscriptenModule,
  linked: Linked,
  compiled: (path: string) => WebAssembly.Module,
): void {
  module.growMemory(linked.memory);
  linkModules(module, linked.order, compiled, linked.handles);
}

/** Grows the table to the length that it had in the snapshot: functions added later must not take the places of its own. */
export function padTable({ wasmTable }: EmscriptenModule, { table }: Linked): void {
  if (wasmTable.length < table) wasmTable.grow(table - wasmTable.length);
}
