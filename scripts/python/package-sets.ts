/** Builds package sets from their locked wheels: for each a folder of assets, and its entry in the index of sets. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkFits, memoryLimitOf, preloadOf, type PackageSet } from '../../src/core/code/package-set.ts';
import type { SetManifest } from '../../src/runtime/harness/python/packages.ts';
import type { Lock, LockedWheel } from './lock.ts';
import type { SnapshotJob } from './set-snapshot.ts';
import { readWheel, type Wheel } from '../../src/runtime/harness/python/wheel.ts';
import { sha256 } from './sha256.ts';

type LockedSet = Lock['sets'][string];
/** Returns the bytes of a locked wheel, checked by their hash. */
export type FetchWheel = (wheel: LockedWheel) => Promise<Uint8Array>;

/** A built set: its entry of the index, and its assets by name. */
export interface BuiltSet {
  entry: PackageSet;
  assets: Record<string, Uint8Array>;
}

interface Runtime {
  pyodide: string;
  library: string;
  /** Bytes of the modules that every isolate has. */
  moduleBytes: number;
  /** Bytes of the assets that a larger file is split into. */
  partBytes: number;
}

/** Returns the id of a set: it changes with every wheel and with what the snapshot has imported. */
export const setId = ({ wheels, preload }: LockedSet): string =>
  sha256(JSON.stringify([wheels.map(({ file, sha256 }) => [file, sha256]).sort(), preload ?? null])).slice(0, 32);

/** Builds the sets of a lock file: their assets by name, and `sets/index.json`, which the Worker reads. */
export async function buildSets(
  lock: Lock | null,
  fetchWheel: FetchWheel,
  runtime: Runtime,
): Promise<Record<string, string | Uint8Array>> {
  const assets: Record<string, string | Uint8Array> = {};
  const index: PackageSet[] = [];
  for (const [name, set] of Object.entries(lock?.sets ?? {})) {
    console.log(`building the package set "${name}"`);
    const { entry, assets: own } = await buildSet(name, set, fetchWheel, runtime);
    index.push(entry);
    for (const [file, bytes] of Object.entries(own)) assets[`sets/${entry.id}/${file}`] = bytes;
  }
  return { ...assets, 'sets/index.json': JSON.stringify(index) };
}

/** Builds one set. Throws with what to change when it cannot run in an isolate. */
export async function buildSet(
  name: string,
  set: LockedSet,
  fetchWheel: FetchWheel,
  runtime: Runtime,
): Promise<BuiltSet> {
  const wheels: [LockedWheel, Wheel][] = [];
  for (const locked of set.wheels) wheels.push([locked, readWheel(await fetchWheel(locked))]);
  const work = mkdtempSync(join(tmpdir(), 'portico-set-'));
  try {
    const site = join(work, 'site');
    wheels.forEach(([, { files }]) => writeFiles(site, files));
    const modules = wheels.flatMap(([, wheel]) => wheel.modules);
    const preload =
      set.preload ??
      preloadOf(
        set.requirements,
        wheels.map(([{ name }, { modules }]) => ({ name, modules })),
      );
    runSnapshot(name, { ...runtime, site, modules, preload, out: join(work, 'out') });
    return collect(name, set, wheels, join(work, 'out'), runtime);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function writeFiles(folder: string, files: Record<string, Uint8Array>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

function runSnapshot(name: string, job: SnapshotJob): void {
  const script = join(import.meta.dirname, 'set-snapshot.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, JSON.stringify(job)], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`the package set "${name}" cannot be built: ${stderr.trim()}`);
}

function collect(
  name: string,
  set: LockedSet,
  wheels: [LockedWheel, Wheel][],
  out: string,
  { moduleBytes, partBytes }: Runtime,
): BuiltSet {
  const made = Object.fromEntries(readdirSync(out).map((file) => [file, readFileSync(join(out, file))]));
  const { 'snapshot.bin': snapshot, 'site.bin': site, ...rest } = made;
  const linked = (JSON.parse(rest['set.json']!.toString()) as SetManifest).linked!;
  const compiled = Object.entries(rest).filter(([file]) => file.endsWith('.wasm'));
  const sum = compiled.reduce((total, [, { length }]) => total + length, 0);
  const bytes = {
    compiled: sum,
    files: site!.length,
    memory: linked.memory,
    memoryLimit: memoryLimitOf(sum, site!.length),
  };
  const reason = checkFits(bytes, moduleBytes, Math.max(0, ...compiled.map(([, { length }]) => length)));
  if (reason !== null) throw new Error(`the package set "${name}" does not fit: ${reason}`);
  const parts = { snapshot: split('snapshot', snapshot!, partBytes), site: split('site', site!, partBytes) };
  return {
    entry: {
      id: setId(set),
      name,
      packages: wheels.map(([wheel, { modules }]) => ({ name: wheel.name, version: wheel.version, modules })),
      bytes,
      parts: { snapshot: Object.keys(parts.snapshot).length, site: Object.keys(parts.site).length },
    },
    assets: { ...rest, ...parts.snapshot, ...parts.site },
  };
}

function split(name: string, bytes: Uint8Array, partBytes: number): Record<string, Uint8Array> {
  const parts: Record<string, Uint8Array> = {};
  for (let at = 0, part = 0; at < bytes.length; at += partBytes, part++)
    parts[`${name}-${part}.bin`] = bytes.subarray(at, at + partBytes);
  return parts;
}
