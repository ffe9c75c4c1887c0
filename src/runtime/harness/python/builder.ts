/**
 * Makes package sets of uploaded wheels, inside isolates: one unpacks and compiles, one shows in which order side modules load, one takes
 * the snapshot. Each has the memory of an isolate for itself, and none runs a handler. The build of a service does the same in Node
 * (scripts/python/set-snapshot.ts).
 */
import '../fence.js';
import { env, WorkerEntrypoint } from 'cloudflare:workers';
import { readWheel } from './wheel';
import { boot, startPyodide } from './boot';
import { ByteReader } from './byte-reader';
import image from './image.mjs';
import packages from './packages.mjs';
import {
  linkModules,
  mountSite,
  type EmscriptenModule,
  type Linked,
  type SetManifest,
  type SiteFile,
} from './packages';
import { pagesOf } from './pages';
import { hex, librariesOf, linkedOf, loadedOf, packSite, preload, readSideModules, siteOf } from './set-parts';
import { readSite } from './site';

/** The files of the set, in the service: it reads its wheels there, and leaves what it makes. See src/runtime/set-files.ts. */
const { SET_FILES } = env as unknown as { SET_FILES: Fetcher };

/** Result of unpacking. Sizes in bytes: of all compiled modules, of the largest, and of the other files. */
export interface Prepared {
  modules: SetManifest['modules'];
  /** Names that a script imports, for each wheel. */
  names: string[][];
  bytes: { compiled: number; largest: number; files: number };
}

export default class Builder extends WorkerEntrypoint {
  /** Unpacks wheels, compiles their sources and stores what an isolate reads. Rejects with the file that cannot be used. */
  async prepare(wheels: string[], maxUnpacked: number): Promise<Prepared> {
    const files = new Map<string, Uint8Array>();
    const names: string[][] = [];
    let left = maxUnpacked;
    for (const sha256 of wheels) {
      const response = await SET_FILES.fetch(fileUrl(`wheels/${sha256}`));
      if (!response.ok) throw new Error('one of its wheels was deleted');
      const wheel = readWheel(await response.bytes(), left);
      for (const [path, bytes] of Object.entries(wheel.files)) {
        files.set(path, bytes);
        left -= bytes.length;
      }
      names.push(wheel.modules);
    }
    const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
    const sideModules = readSideModules(sorted);
    for (const { file, code } of sideModules) await put(file, code.length, code);
    const site = packSite(siteOf(await boot(), sorted, sideModules));
    await put('site-0.bin', site.length, site);
    const sizes = sideModules.map(({ code }) => code.length);
    return {
      modules: sideModules.map(({ path, file, stub }) => ({ path, file, stub: hex(stub) })),
      names,
      bytes: {
        compiled: sizes.reduce((sum, size) => sum + size, 0),
        largest: Math.max(0, ...sizes),
        files: site.length,
      },
    };
  }

  /** Imports modules, and returns the side modules that were loaded, in their order. */
  async order(modules: string[]): Promise<string[]> {
    const { module } = await start(modules, (early) => librariesOf(early, Object.keys(packages!.modules), compiled));
    return loadedOf(module);
  }

  /** Imports modules with the side modules linked in an order, and stores the snapshot as `file`. */
  async snapshot(modules: string[], order: string[], file: string): Promise<Linked> {
    const { python, module } = await start(modules, () => order);
    const linked = linkedOf(module, order);
    const { length, parts } = pagesOf(python.makeMemorySnapshot());
    await put(file, length, streamOf(parts));
    return linked;
  }
}

interface Snapshotting {
  makeMemorySnapshot: () => Uint8Array;
}

const compiled = (path: string): WebAssembly.Module => packages!.modules[path]!;

/** Starts an interpreter without a snapshot, with side modules linked, and imports the harness and modules of the packages. */
async function start(
  modules: string[],
  order: (module: EmscriptenModule) => string[],
): Promise<{ python: Snapshotting; module: EmscriptenModule }> {
  const site = await openSite();
  let started: EmscriptenModule | undefined;
  const python = await startPyodide({
    prepare: (early) => {
      mountSite(early.FS, site);
      linkModules(early, order(early), compiled);
    },
    ready: (module) => {
      started = module;
    },
    options: { _makeSnapshot: true },
  });
  preload(python, image.library!, { modules: packages!.names, preload: modules });
  return { python: python as unknown as Snapshotting, module: started! };
}

async function openSite(): Promise<SiteFile[]> {
  const response = await SET_FILES.fetch(fileUrl('site.bin'));
  return readSite(new ByteReader(response.body!));
}

const fileUrl = (name: string): string => `https://set.local/${name}`;

/** Streams parts without a copy of the whole. */
function streamOf(parts: Uint8Array[]): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at < parts.length) controller.enqueue(parts[at++]!);
      else controller.close();
    },
  });
}

async function put(name: string, length: number, body: BodyInit): Promise<void> {
  const headers = { 'x-bytes': String(length) };
  const response = await SET_FILES.fetch(fileUrl(name), { method: 'PUT', body, headers });
  if (!response.ok) throw new Error(`${name} cannot be stored: ${await response.text()}`);
}
