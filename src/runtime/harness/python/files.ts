import { zipFolder } from '../outcome.js';
import type { FileSystem } from './pyodide';

/** Returns the bytes of an output, a folder as a zip file; undefined when it does not exist. */
export function readOutput(fs: FileSystem, path: string): Uint8Array | undefined {
  const { exists, object } = fs.analyzePath(path);
  if (!exists) return undefined;
  if (!fs.isDir(object.mode)) return fs.readFile(path);
  return zipFolder(filesBelow(fs, path, ''));
}

/** Returns the files below a folder by their path in it; folders end in `/`. Omits links to folders and broken links. */
function filesBelow(fs: FileSystem, root: string, prefix: string): [string, Uint8Array][] {
  return fs
    .readdir(`${root}/${prefix}`)
    .filter((name) => name !== '.' && name !== '..')
    .sort()
    .flatMap((name) => {
      const path = `${prefix}${name}`;
      const { mode } = fs.lstat(`${root}/${path}`);
      if (fs.isDir(mode)) return [[`${path}/`, new Uint8Array()], ...filesBelow(fs, root, `${path}/`)];
      const target = fs.analyzePath(`${root}/${path}`);
      return target.exists && fs.isFile(target.object.mode) ? [[path, fs.readFile(`${root}/${path}`)]] : [];
    });
}
