/** Pyodide in Node, for snapshots: the same inputs must give the same bytes, so chance and clock are fixed. */
import nodeCrypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EmscriptenModule } from '../../src/runtime/harness/python/packages.ts';
import { ENVIRONMENT } from '../../src/runtime/harness/python/pyodide.ts';

export interface SnapshotPyodide {
  FS: {
    mkdirTree: (path: string) => void;
    writeFile: (path: string, data: string | Uint8Array) => void;
    readFile: (path: string) => Uint8Array<ArrayBuffer>;
  };
  runPython: (code: string) => unknown;
  makeMemorySnapshot: () => Uint8Array;
}
interface Settings {
  preRun: ((module: EmscriptenModule) => void)[];
}

/** The clock while a snapshot is made: 2026-01-01T00:00:00Z. */
export const FIXED_TIME = 1_767_225_600_000;

/**
 * Fixes the clock, as loaded modules keep the time at which they were loaded, and the source of chance, as packages make tables from it. Hides
 * the program's path, which Emscripten reads here; in an isolate it always uses a default.
 */
export function fixSurroundings(): void {
  Date.now = () => FIXED_TIME;
  performance.now = () => 0;
  let state = 1;
  // Emscripten's source of chance in Node.
  nodeCrypto.randomFillSync = (view) => {
    const { buffer, byteOffset, byteLength } = view as Uint8Array;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let i = 0; i < bytes.length; i++)
      bytes[i] = (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
    return view;
  };
  process.argv = [process.argv[0]!, './this.program'];
}

/** Starts Pyodide. `prepare` runs before the interpreter does; `module` is Emscripten's, for the caller. */
export async function startPyodide(
  pyodide: string,
  prepare: (module: EmscriptenModule) => void = () => undefined,
  take: (module: EmscriptenModule) => void = () => undefined,
): Promise<SnapshotPyodide> {
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(join(pyodide, name)).href);
  const { loadPyodide } = (await load('pyodide.mjs')) as {
    loadPyodide: (options: object) => Promise<SnapshotPyodide>;
  };
  const { default: create } = (await load('pyodide.asm.mjs')) as {
    default: (settings: Settings) => Promise<EmscriptenModule>;
  };
  const lock = JSON.parse(readFileSync(join(pyodide, 'pyodide-lock.json'), 'utf8')) as { info: object };
  return loadPyodide({
    indexURL: pyodide,
    lockFileContents: { info: lock.info, packages: {} },
    env: { ...ENVIRONMENT },
    _makeSnapshot: true,
    createPyodideModule: async (settings: Settings) => {
      settings.preRun.push(prepare);
      const module = await create(settings);
      take(module);
      return module;
    },
  });
}

/** Returns the Python files below a folder, by path, in a fixed order. */
export function pythonFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
