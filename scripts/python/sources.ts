/** Sources of wheels: the operator's folder, the Python package index, and Pyodide's distribution. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { allowsVersion, compareVersions, normalName } from '../../src/core/code/requirement.rules.ts';
import { findWithPip } from './pip.ts';
import { exactly, type Source } from '../../src/core/code/resolve-packages.ts';
import type { LockedWheel } from './lock.ts';
import { fitsRuntime, parseWheelName } from '../../src/core/code/wheel-name.rules.ts';
import { readWheel } from '../../src/runtime/harness/python/wheel.ts';
import { sha256 } from './sha256.ts';

/** Wheels in a folder. Throws for a wheel of the right name that does not run here: it was put there to be used. */
export const folderSource = (root: string, folder: string): Source<LockedWheel> => ({
  find: async (name, specifier) => {
    if (!existsSync(folder)) throw new Error(`the folder ${folder}, which has the wheels, does not exist`);
    const named = readdirSync(folder)
      .map((file) => ({ file, parsed: parseWheelName(file) }))
      .filter(({ parsed }) => parsed !== null && normalName(parsed.name) === name);
    const fitting = named.filter(({ parsed }) => fitsRuntime(parsed!) && allowsVersion(specifier, parsed!.version));
    const best = fitting.toSorted((a, b) => compareVersions(b.parsed!.version, a.parsed!.version)).at(0);
    if (best === undefined) {
      const [wrong] = named.filter(({ parsed }) => !fitsRuntime(parsed!));
      if (wrong !== undefined) throw new Error(`${wrong.file} is for another Python or platform`);
      return null;
    }
    const bytes = readFileSync(join(folder, best.file));
    const { requires } = readWheel(bytes);
    const { name: written, version } = best.parsed!;
    const url = relative(root, join(folder, best.file));
    return { wheel: { name: written, version, file: best.file, sha256: sha256(bytes), from: 'folder', url }, requires };
  },
});

/** The Python package index. */
export const indexSource: Source<LockedWheel> = {
  find: async (name, specifier) => {
    const found = await findWithPip(name, specifier);
    if (found === null) return null;
    const { requires, ...wheel } = found;
    const file = decodeURIComponent(new URL(wheel.url).pathname.split('/').at(-1)!);
    return { wheel: { ...wheel, file, from: 'index' }, requires };
  },
};

interface PyodidePackage {
  name: string;
  version: string;
  file_name: string;
  sha256: string;
  depends: string[];
  package_type: string;
}

/**
 * Pyodide's distribution: packages built for one release, in one version each, on its own site. What they depend on is taken in the
 * versions that they were built with.
 */
export function pyodideSource(pyodide: string): Source<LockedWheel> {
  const { version: release } = readJson<{ version: string }>(join(pyodide, 'package.json'));
  const { packages } = readJson<{ packages: Record<string, PyodidePackage> }>(join(pyodide, 'pyodide-lock.json'));
  const byName = new Map(Object.values(packages).map((one) => [normalName(one.name), one]));
  return {
    find: async (name, specifier) => {
      const found = byName.get(name);
      if (found === undefined || !allowsVersion(specifier, found.version)) return null;
      const { name: written, version, file_name: file, sha256, depends, package_type: type } = found;
      if (type !== 'package')
        throw new Error(`${name} is a shared library of Pyodide's distribution, which cannot be used yet`);
      const url = `https://cdn.jsdelivr.net/pyodide/v${release}/full/${file}`;
      const requires = depends.map((one) => {
        const dependency = byName.get(normalName(one));
        return dependency === undefined ? one : exactly(dependency.name, dependency.version);
      });
      return { wheel: { name: written, version, file, sha256, from: 'pyodide', url }, requires };
    },
  };
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
