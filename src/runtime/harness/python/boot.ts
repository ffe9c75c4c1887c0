import { env } from 'cloudflare:workers';
import { info } from 'pyodide/pyodide-lock.json';
import { ByteReader } from './byte-reader';
import image from './image.mjs';
import { installPyodideShims, memory } from './overlay';
import zones from './zones.bin';
import { ENVIRONMENT, IMPORT_HARNESS, LIBRARY, ZONES, type Pyodide } from './pyodide';
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

async function load(snapshot: OpenSnapshot | undefined): Promise<Pyodide> {
  const undo = installPyodideShims();
  try {
    const { default: createModule } = await import('./pyodide.asm.mjs');
    const { loadPyodide } = await import('./pyodide.mjs');
    return (await loadPyodide({
      indexURL: ROOT,
      packageBaseUrl: ROOT,
      lockFileContents: { info, packages: {} },
      createPyodideModule: async (settings: object) => {
        const module = await createModule(settings);
        await snapshot?.restore(memory());
        return module;
      },
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
  const python = await load(library === undefined ? await openSnapshot(await openFile('snapshot.bin')) : undefined);
  // The bytes become the file, without a copy: most programs never read it.
  python.FS.writeFile(ZONES, new Uint8Array(zones), { canOwn: true });
  if (library !== undefined) install(python, library);
  return python;
}
