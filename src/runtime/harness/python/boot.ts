import { info } from 'pyodide/pyodide-lock.json';
import handler from './handler.json';
import image from './image.mjs';
import { dressUp, memory } from './overlay';
import { pagedSnapshot } from './pages';
import { ENVIRONMENT, IMPORT_HARNESS, LIBRARY, type Pyodide, type PyModule } from './pyodide';

const ROOT = 'file:///pyodide/';

async function load(): Promise<Pyodide> {
  const snapshot = 'snapshot' in image ? { _loadSnapshot: pagedSnapshot(image.snapshot, memory) } : {};
  const undo = dressUp();
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

/** Python without a snapshot: the harness is written to the file system, and imported from there with what it needs. */
function install(python: Pyodide, library: Record<string, string>): void {
  for (const [name, text] of Object.entries(library)) {
    const path = `${LIBRARY}/${name}`;
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    python.FS.writeFile(path, text);
  }
  python.runPython(IMPORT_HARNESS);
}

/**
 * Boots CPython with the harness loaded. `secrets` are names and values; `send` asks the service: (op, JSON) -> JSON.
 * Answers the interpreter and the harness's modules.
 */
export async function boot(
  secrets: Record<string, string>,
  send: (op: string, json: string) => Promise<string>,
): Promise<{ python: Pyodide; runner: PyModule; checking: PyModule; operation: PyModule }> {
  const python = await load();
  if ('library' in image) install(python, image.library);
  const runner = python.pyimport('_portico.runner');
  runner['start']!(handler.source, handler.file, JSON.stringify(secrets), send);
  const [checking, operation] = [python.pyimport('_portico.checking'), python.pyimport('_portico.operation')];
  return { python, runner, checking, operation };
}
