import type { PackageSet } from '../../core/code/package-set';

/** The bytes of one file of the Python runtime, by its name below `python/` of the static assets. */
export type ReadAsset = (name: string) => Promise<ArrayBuffer>;

/** Opens a file of the Python runtime through the assets binding. The Worker itself must not serve `/python/…`. */
export async function openAsset(assets: Fetcher, name: string): Promise<Response> {
  const response = await assets.fetch(`https://assets.local/python/${name}`);
  if (response.ok) return response;
  throw new Error(`the Python runtime has no ${name}: build-python.ts has not run, or its output was not deployed`);
}

export const readFromAssets =
  (assets: Fetcher): ReadAsset =>
  async (name) =>
    (await openAsset(assets, name)).arrayBuffer();

/** Properties of the binding through which an isolate reads files: its set of packages, null for none. */
export interface PythonFilesProps {
  set: Pick<PackageSet, 'id' | 'parts'> | null;
}
