import { info } from 'pyodide/pyodide-lock.json';
import image from './image.mjs';
import { installPyodideShims, memory } from './overlay';
import zones from './zones.bin';
import { pagedSnapshot } from './pages';
import { ENVIRONMENT, IMPORT_HARNESS, LIBRARY, ZONES, type Pyodide } from './pyodide';

const ROOT = 'file:///pyodide/';

async function load(): Promise<Pyodide> {
  const snapshot = 'snapshot' in image ? { _loadSnapshot: pagedSnapshot(image.snapshot, memory) } : {};
  const undo = installPyodideShims();
  try {
    const { default: createPyodideModule } = await import('./pyodide.asm.mjs');
    const { loadPyodide } = await import('./pyodide.mjs');
    return (await loadPyodide({
      indexURL: ROOT,
      packageBaseUrl: ROOT,
      lockFileContents: { info, packages: {} },
      createPyodideModule,
      env: { ...ENVIRONMENT },
      stdin: () => undefined,
      ...snapshot,
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
  const python = await load();
  // The bytes become the file, without a copy: most programs never read it.
  python.FS.writeFile(ZONES, new Uint8Array(zones), { canOwn: true });
  if ('library' in image) install(python, image.library);
  return python;
}
