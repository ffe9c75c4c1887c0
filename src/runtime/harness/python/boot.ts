import { env } from 'cloudflare:workers';
import { info } from 'pyodide/pyodide-lock.json';
import { ByteReader } from './byte-reader';
import image from './image.mjs';
import packages from './packages.mjs';
import { linkModules, linkSnapshot, mountSite, padTable, type EmscriptenModule, type SiteFile } from './packages';
import { growWith, installPyodideShims, memory } from './overlay';
import zones from './zones.bin';
import { ENVIRONMENT, IMPORT_HARNESS, LIBRARY, ZONES, type Pyodide } from './pyodide';
import { layOut, librariesOf } from './set-parts';
import { readSite } from './site';
import { openSnapshot, type OpenSnapshot } from './snapshot-stream';

const ROOT = 'file:///pyodide/';
/** The isolate's one binding; see src/runtime/python-files.ts. */
const { PYTHON_FILES } = env as unknown as { PYTHON_FILES: Fetcher };

/** Opens a file of the runtime, which the service streams. */
async function openFile(name: string): Promise<ByteReader> {
  const response = await PYTHON_FILES.fetch(`https://python.local/${name}`);
  if (!response.ok) throw new Error(`the Python runtime has no ${name}`);
  return new ByteReader(response.body!);
}

type Settings = { preRun: ((module: EmscriptenModule) => void)[] };

/** How an interpreter starts: what happens before Python does, and after Emscripten's module is there; and options of Pyodide. */
export interface Start {
  prepare: (module: EmscriptenModule) => void;
  ready: (module: EmscriptenModule) => Promise<void> | void;
  options: object;
}

/** Starts Pyodide in this isolate. */
export async function startPyodide({ prepare, ready, options }: Start): Promise<Pyodide> {
  const undo = installPyodideShims();
  const create = async (settings: Settings): Promise<EmscriptenModule> => {
    const { default: createModule } = await import('./pyodide.asm.mjs');
    settings.preRun.push((module) => {
      growWith(module.growMemory);
      prepare(module);
    });
    const module = (await createModule(settings)) as EmscriptenModule;
    await ready(module);
    return module;
  };
  try {
    const { loadPyodide } = await import('./pyodide.mjs');
    return (await loadPyodide({
      indexURL: ROOT,
      packageBaseUrl: ROOT,
      lockFileContents: { info, packages: {} },
      createPyodideModule: create,
      env: { ...ENVIRONMENT },
      stdin: () => undefined,
      ...options,
    })) as Pyodide;
  } finally {
    undo();
  }
}

/** Starts an interpreter with the packages linked, and lays the snapshot over it before Pyodide looks at it. */
const load = (snapshot: OpenSnapshot | undefined, files: SiteFile[]): Promise<Pyodide> =>
  startPyodide({
    prepare: (module) => {
      mountSite(module.FS, files);
      if (packages === null) return;
      const { linked, modules } = packages;
      const compiled = (path: string): WebAssembly.Module => modules[path]!;
      if (linked === null) linkModules(module, librariesOf(module, Object.keys(modules), compiled), compiled);
      else linkSnapshot(module, linked, compiled);
    },
    ready: async (module) => {
      if (packages !== null && packages.linked !== null) padTable(module, packages.linked);
      await snapshot?.restore(memory());
    },
    options: snapshot === undefined ? {} : { _loadSnapshot: snapshot.header },
  });

/** Installs Python without a snapshot: writes the harness to the file system and imports it from there with its modules. */
function install(python: Pyodide, library: Record<string, string>): void {
  layOut(python, LIBRARY, library);
  python.runPython(`${IMPORT_HARNESS}\nsys.path.insert(0, '')`);
  if (packages !== null)
    python.runPython(`from _portico.packages import make_room\nmake_room(${JSON.stringify(packages.names)})`);
}

/** Boots CPython with the harness's modules loaded. */
export async function boot(): Promise<Pyodide> {
  const { library } = image;
  const [snapshot, files] = await Promise.all([
    library === undefined ? openFile('snapshot.bin').then(openSnapshot) : undefined,
    packages === null ? [] : openFile('site.bin').then(readSite),
  ]);
  const python = await load(snapshot, files);
  // The bytes become the file, without a copy: most programs never read it.
  python.FS.writeFile(ZONES, new Uint8Array(zones), { canOwn: true });
  if (library !== undefined) install(python, library);
  return python;
}
