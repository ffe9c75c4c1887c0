import { TIMED_OUT, withTimeout } from '../with-timeout';
import type { PackageSet } from '../../core/code/package-set';

/** The bytes of one file of the Python runtime, by its name below `python/` of the static assets. */
export type ReadAsset = (name: string) => Promise<ArrayBuffer>;

/** Locations of the files of the Python runtime: those that a deploy has built, and in R2 the sets of uploaded packages. */
export interface PythonStore {
  ASSETS: Fetcher;
  FILES: R2Bucket;
}

/** Folder of the files of uploaded sets: in names, and in R2 below `python/`. */
const UPLOADED = 'uploaded/';

/** Key in R2 of a file of the Python runtime, or of an uploaded wheel. */
export const keyInBucket = (name: string): string => `python/${name}`;

/** Returns the folder of a set's files, by the name that `openAsset` takes. */
export const folderOf = ({ id, uploaded }: Pick<PackageSet, 'id' | 'uploaded'>): string =>
  uploaded === true ? `${UPLOADED}${id}` : `sets/${id}`;

/** Opens a file of the Python runtime. Throws when it is not there. The Worker itself must not serve `/python/…`. */
export async function openAsset(store: PythonStore, name: string): Promise<{ body: ReadableStream }> {
  const found = await findAsset(store, name);
  if (found !== null) return found;
  throw new Error(
    name.startsWith(UPLOADED)
      ? `the files of an uploaded package set are not there any more (${name}): make the set again`
      : `the Python runtime has no ${name}: build-python.ts has not run, or its output was not deployed`,
  );
}

/** Opens a file of the Python runtime; null when it is not there. */
async function findAsset({ ASSETS, FILES }: PythonStore, name: string): Promise<{ body: ReadableStream } | null> {
  if (name.startsWith(UPLOADED)) return FILES.get(keyInBucket(name));
  const response = await ASSETS.fetch(`https://assets.local/python/${name}`);
  return response.ok ? { body: response.body! } : null;
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
export const readAsset =
  (store: PythonStore): ReadAsset =>
  async (name) => {
    const known = held.get(name)?.deref();
    if (known !== undefined) return known;
    const underWay = reading.get(name);
    if (underWay !== undefined) {
      const shared = await withTimeout(underWay, SHARED_READ_MS).catch(() => TIMED_OUT);
      if (typeof shared !== 'symbol') return shared;
    }
    const work = openAsset(store, name).then(({ body }) => new Response(body).arrayBuffer());
    reading.set(name, work);
    try {
      const bytes = await work;
      held.set(name, new WeakRef(bytes));
      return bytes;
    } finally {
      if (reading.get(name) === work) reading.delete(name);
    }
  };

/** Reads a file; null when it is not there. */
export async function readIfAny(store: PythonStore, name: string): Promise<ArrayBuffer | null> {
  const found = await findAsset(store, name);
  return found && new Response(found.body).arrayBuffer();
}

/** Properties of the binding through which an isolate reads files: its set of packages, null for none. */
export interface PythonFilesProps {
  set: Pick<PackageSet, 'id' | 'parts' | 'uploaded'> | null;
}
