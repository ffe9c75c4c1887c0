import { TIMED_OUT, withTimeout } from '../with-timeout';
import type { PackageSet } from '../../core/code/package-set';

/** The bytes of one file of the Python runtime, by its name below `python/` of the static assets. */
export type ReadAsset = (name: string) => Promise<ArrayBuffer>;

/** Opens a file of the Python runtime through the assets binding. The Worker itself must not serve `/python/…`. */
export async function openAsset(assets: Fetcher, name: string): Promise<Response> {
  const response = await assets.fetch(`https://assets.local/python/${name}`);
  if (response.ok) return response;
  throw new Error(`the Python runtime has no ${name}: build-python.ts has not run, or its output was not deployed`);
}

/** Files that isolates of Python are being started with: while one is in memory, other starts use it. */
const held = new Map<string, WeakRef<ArrayBuffer>>();
const reading = new Map<string, Promise<ArrayBuffer>>();

/** Milliseconds to wait for a read of another start: the request that began it may have been canceled. */
const SHARED_READ_MS = 3000;

/**
 * Returns a reader of files whose concurrent reads share one copy: four nodes of a graph that start at once would otherwise read 13 MB each,
 * into one isolate of 128 MB [Cloudflare's limit]. Callers must not change what they get.
 */
export const readFromAssets =
  (assets: Fetcher): ReadAsset =>
  async (name) => {
    const known = held.get(name)?.deref();
    if (known !== undefined) return known;
    const underWay = reading.get(name);
    if (underWay !== undefined) {
      const shared = await withTimeout(underWay, SHARED_READ_MS).catch(() => TIMED_OUT);
      if (typeof shared !== 'symbol') return shared;
    }
    const work = openAsset(assets, name).then((response) => response.arrayBuffer());
    reading.set(name, work);
    try {
      const bytes = await work;
      held.set(name, new WeakRef(bytes));
      return bytes;
    } finally {
      if (reading.get(name) === work) reading.delete(name);
    }
  };

/** Properties of the binding through which an isolate reads files: its set of packages, null for none. */
export interface PythonFilesProps {
  set: Pick<PackageSet, 'id' | 'parts'> | null;
}
