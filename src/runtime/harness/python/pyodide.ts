/** The parts of Pyodide's API that the harness uses. */
export interface Pyodide {
  FS: FileSystem;
  /** Emscripten's module: C functions by their names with `_` before them. */
  _module: { _Py_FinalizeEx: () => number };
  setStdout: (options: { write: (buffer: Uint8Array) => number }) => void;
  setStderr: (options: { write: (buffer: Uint8Array) => number }) => void;
  runPython: (code: string) => unknown;
  pyimport: (module: string) => PyModule;
}
/** Python's in-memory file system. */
export interface FileSystem {
  mkdirTree: (path: string) => void;
  writeFile: (path: string, data: string | Uint8Array, options?: { canOwn: boolean }) => void;
  readFile: (path: string) => Uint8Array<ArrayBuffer>;
  readdir: (path: string) => string[];
  /** Follows links. */
  analyzePath: (path: string) => { exists: boolean; object: { mode: number } };
  lstat: (path: string) => { mode: number };
  isDir: (mode: number) => boolean;
  isFile: (mode: number) => boolean;
}
export interface PyModule {
  [name: string]: PyCallable;
}
export interface PyCallable {
  (...values: unknown[]): unknown;
  /** Calls on a stack of its own, so that the function may wait for promises (`run_sync`) while others run. */
  callPromising: (...values: unknown[]) => Promise<unknown>;
}
/** A Python tuple in JavaScript. */
export interface PyTuple {
  get: (index: number) => unknown;
  destroy: () => void;
}
export interface PyBytes {
  toJs: () => Uint8Array<ArrayBuffer>;
  destroy: () => void;
}

/** Path of the time zone archive; `_portico.zones` has the same. */
export const ZONES = '/lib/zones.bin';
/** Folder of the harness's Python files, and the statements that load them: alone, and with the library that the snapshot adds. */
export const LIBRARY = '/lib/portico';
export const IMPORT_HARNESS = `import sys, importlib
sys.path[:] = ['${LIBRARY}', *filter(None, sys.path)]
importlib.invalidate_caches()
import _portico.checking, _portico.operation, _portico.prepare, _portico.runner`;
export const PRELOAD = `${IMPORT_HARNESS}\nimport _portico.preload`;

/**
 * Environment variables, over Emscripten's defaults. Part of the snapshot, so they must not depend on the machine that builds it: its
 * language and the path of the program would.
 */
export const ENVIRONMENT = {
  HOME: '/home',
  LANG: 'C.UTF-8',
  PWD: '/home',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
  TZ: 'UTC',
  _: undefined,
};
