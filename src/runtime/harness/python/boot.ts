import { env } from 'cloudflare:workers';
import { info } from 'pyodide/pyodide-lock.json';
import { ByteReader } from './byte-reader';
import image from './image.mjs';
import packages from './packages.mjs';
import { linkSnapshot, mountSite, padTable, type EmscriptenModule, type SiteFile } from './packages';
import { growWith, installPyodideShims, memory } from './overlay';
import zones from './zones.bin';
import { ENVIRONMENT, IMPORT_HARNESS, LIBRARY, ZONES, type Pyodide } from './pyodide';
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

/** Starts Emscripten's module with the packages linked, and lays the snapshot over it before Pyodide looks at it. */
async function createFrom(settings: Settings, snapshot: OpenSnapshot | undefined, files: SiteFile[]): Promise<unknown> {
  const { default: create } = await import('./pyodide.asm.mjs');
  settings.preRun.push((module) => {
    growWith(module.growMemory);
    mountSite(module.FS, files);
    if (packages === null) return;
    const { linked, modules } = packages;
    linkSnapshot(module, linked, (path) => modules[path]!);
  });
  const module = (await create(settings)) as EmscriptenModule;
  if (packages !== null) padTable(module, packages.linked);
  await snapshot?.restore(memory());
  return module;
}

async function load(snapshot: OpenSnapshot | undefined, files: SiteFile[]): Promise<Pyodide> {
  const undo = installPyodideShims();
  try {
    const { loadPyodide } = await import('./pyodide.mjs');
    return (await loadPyodide({
      indexURL: ROOT,
      packageBaseUrl: ROOT,
      lockFileContents: { info, packages: {} },
      createPyodideModule: (settings: Settings) => createFrom(settings, snapshot, files),
      env: { ...ENVIRONMENT },
      stdin: () => undefined,
      ...(snapshot === undefined ? {} : { _loadSnapshot: snapshot.header }),
    })) as Pyodide;
  } finally {
    undo();
  }
}

/** Installs Python without a snapshot: writes the harness to the file system and imports it from there with its modules. */
function install(python: Pyodide, library: Record<string, string>): void {
  for (const [name, text] of Object.entries(library)) {
    const path = `${LIBRARY}/${name}`;
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    python.FS.writeFile(path, text);
  }
  python.runPython(`${IMPORT_HARNESS}\nsys.path.insert(0, '')`);
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
