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
  type EmscriptenModule,
  type SetManifest,
  type SiteFile,
} from '../../src/runtime/harness/python/packages.ts';
import { packPages } from '../../src/runtime/harness/python/pages.ts';
import {
  copyOf,
  hex,
  librariesOf,
  linkedOf,
  loadedOf,
  packSite,
  preload,
  readSideModules,
  siteOf,
  type SideModule,
} from '../../src/runtime/harness/python/set-parts.ts';
import { fixSurroundings, pythonFiles, startPyodide, type SnapshotPyodide } from './interpreter.ts';

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

function readFiles(folder: string): [string, Uint8Array<ArrayBuffer>][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);
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

  const library = pythonFiles(job.library);
  const paths = sideModules.map(({ path }) => path);
  // The first boot compiles the sources, and shows which side modules, if there are any, the imports load, in which order.
  const [first, firstModule] = await boot(
    (early) => librariesOf(early, paths, compiled),
    () => [],
  );
  const site = siteOf(first, files, sideModules);
  if (sideModules.length > 0) {
    mountSite(firstModule.FS, site.map(copyOf));
    preload(first, library, job);
  }
  const order = loadedOf(firstModule);

  const [second, module] = await boot(
    () => order,
    () => site.map(copyOf),
  );
  preload(second, library, job);

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
