import { exports } from 'cloudflare:workers';
import type { PackageSet } from '../../core/code/package-set';
import { readAsset, type PythonFilesProps, type PythonStore } from './python-assets';
import { readSetModules, type SetModules } from './set-modules';
import version from '../../../dist/harness/python-version.txt';

/** Changes with any code around the user's script: part of the id of each Python isolate. */
export const pythonVersion: string = version.trim();

/** Options of the caller; `snapshot: false` boots without the memory image. */
export interface PythonOptions {
  /** The script's name in tracebacks, such as `quote.py`. */
  file?: string;
  /** The other sources of its folder, by their paths in it. */
  modules?: Record<string, string> | undefined;
  /** The isolate serves one call, and the script ends with it as a process does. */
  once?: boolean;
  snapshot?: boolean;
  /** The packages that the script may import; null for none. */
  set?: PackageSet | null;
}

/** The part of the loader's code that does not depend on the caller's rights: no outbound, no limits, and the files of the runtime. */
export type PythonWorker = Pick<
  WorkerLoaderWorkerCode,
  'compatibilityDate' | 'compatibilityFlags' | 'mainModule' | 'modules' | 'env'
>;

/** Requests that an isolate makes to start its interpreter, beside those of its code. */
export const BOOT_REQUESTS = 2;
/** Milliseconds of CPU that it may take besides: it took 230 to 700 on the machines of the tests, and counts for the first call. */
export const BOOT_CPU_MS = 1000;

/** Makes the binding of an isolate. Typed here, as the type of all exports is inferred from the whole Worker, this file included. */
function filesOf(set: PackageSet | null): Fetcher {
  const { PythonFiles } = exports as unknown as { PythonFiles: (options: { props: PythonFilesProps }) => Fetcher };
  if (set === null) return PythonFiles({ props: { set } });
  const { id, parts, uploaded } = set;
  return PythonFiles({ props: { set: { id, parts, ...(uploaded && { uploaded }) } } });
}

const text = (bytes: ArrayBuffer): string => new TextDecoder().decode(bytes);

/**
 * Builds the modules of an isolate that runs `source`: CPython, the harness and the script, 13 MB. Call it inside the loader's callback,
 * so that they are read only when an isolate starts. The isolate reads the memory snapshot, 18 MB, through its binding.
 */
export async function pythonWorker(
  source: string,
  store: PythonStore,
  options: PythonOptions = {},
): Promise<PythonWorker> {
  const { file = 'handler.py', modules, once = false, set = null } = options;
  const read = readAsset(store);
  const packages = await readSetModules(set, store, pythonVersion);
  const snapshot = (options.snapshot ?? true) && packages.hasSnapshot;
  const [harness, wasm, asm, loader, stdlib, zones, helpers, library] = await Promise.all([
    read('harness.mjs').then(text),
    read('pyodide.asm.wasm'),
    read('pyodide.asm.mjs').then(text),
    read('pyodide.mjs').then(text),
    read('python_stdlib.zip'),
    read('zones.bin'),
    read('helpers.json').then(text),
    snapshot ? undefined : read('library.json').then(text),
  ]);
  return {
    compatibilityDate: '2026-10-20',
    compatibilityFlags: [],
    mainModule: 'harness.mjs',
    modules: {
      'harness.mjs': { js: harness },
      'pyodide.asm.wasm': { wasm },
      'pyodide.asm.mjs': { js: asm },
      'pyodide.mjs': { js: loader },
      'python_stdlib.zip': { data: stdlib },
      'zones.bin': { data: zones },
      'handler.json': { json: { file, source, once, modules: modules ? JSON.stringify(modules) : '' } },
      ...helperModules(JSON.parse(helpers) as string[], packages.stubs),
      ...packages.modules,
      'image.mjs': { js: `export default { library: ${library} };` },
    },
    env: { PYTHON_FILES: filesOf(set) },
  };
}

type Modules = WorkerLoaderWorkerCode['modules'];

/** The small WebAssembly modules, and `helpers.mjs` that finds them, and the side modules of packages, by bytes in hex. */
function helperModules(helpers: string[], stubs: SetModules['stubs']): Modules {
  const modules: Modules = {};
  const imports = helpers.map((hex, i) => {
    modules[`helper-${i}.wasm`] = {
      wasm: Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)).buffer,
    };
    return `import h${i} from './helper-${i}.wasm';`;
  });
  const sideImports = stubs.map(([, module], i) => `import s${i} from './${module}';`);
  const entries = [...helpers.map((hex, i) => `'${hex}': h${i}`), ...stubs.map(([hex], i) => `'${hex}': s${i}`)];
  modules['helpers.mjs'] = {
    js: `${[...imports, ...sideImports].join('\n')}\nexport default { ${entries.join(', ')} };`,
  };
  return modules;
}
