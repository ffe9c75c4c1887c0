import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canonicalJson } from '../../../../src/kernel/normal-form.ts';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import type { SourceFiles } from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import { isInPackage } from './resolve-plugin.ts';

type Package = SourceFiles['packages'][number];

/** Splits the path of a file of a package after the folder of the package, the innermost one. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\/(.+)$/;

/** Returns a function that lists the packages of bundled files, sorted, with the hash of what was used of each. Each file is read once. */
export function packageReader(folder: string): (inputs: readonly string[]) => Package[] {
  const hashes = new Map<string, string>();
  const hashOf = (file: string): string => {
    const known = hashes.get(file) ?? sha256Hex(readFileSync(file));
    hashes.set(file, known);
    return known;
  };
  const manifests = new Map<string, { name: string; version: string }>();
  const manifestOf = (at: string): { name: string; version: string } => {
    const known = manifests.get(at) ?? readManifest(at);
    manifests.set(at, known);
    return known;
  };
  return (inputs) => {
    const used = new Map<string, [path: string, sha256: string][]>();
    for (const input of inputs.filter(isInPackage)) {
      const [, at, path] = PACKAGE.exec(input) ?? [];
      if (at === undefined || path === undefined) continue;
      used.set(at, [...(used.get(at) ?? []), [path, hashOf(resolve(folder, input))]]);
    }
    const packages = Array.from(used, ([at, files]) => ({
      ...manifestOf(resolve(folder, at)),
      sha256: sha256Hex(canonicalJson(files.toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    }));
    return packages.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  };
}

function readManifest(at: string): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Record<string, unknown>;
  return { name: String(name), version: String(version) };
}
