import type { ByteReader } from './byte-reader';
import type { SiteFile } from './packages';

/** Reads the packages' files: a length, an index [path, bytes][] as JSON of that length, then their bytes. */
export async function readSite(reader: ByteReader): Promise<SiteFile[]> {
  const [length] = new Uint32Array((await reader.take(4)).buffer) as unknown as [number];
  const index = JSON.parse(new TextDecoder().decode(await reader.take(length))) as [string, number][];
  const files: SiteFile[] = [];
  for (const [path, bytes] of index) files.push([path, await reader.take(bytes)]);
  return files;
}
