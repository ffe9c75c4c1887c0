/** Builds package sets from their locked wheels: for each a folder of assets, and its entry in the index of sets. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { normalName, parseRequirement } from '../../src/core/code/requirement.rules.ts';
import type { PackageSet } from '../../src/core/code/package-set.ts';
import type { SetManifest } from '../../src/runtime/harness/python/packages.ts';
import type { Lock, LockedWheel } from './lock.ts';
import type { SnapshotJob } from './set-snapshot.ts';
import { readWheel, sha256, type Wheel } from './wheel.ts';

/** Cloudflare's limits: bytes of one static asset, and of all modules of an isolate. */
export const MAX_ASSET = 25 << 20;
const MAX_MODULES = 64 << 20;
/** Bytes of memory of an isolate that linear memory, side modules and files of packages share; the rest is the runtime's own. */
const SHARED_MEMORY = 96 << 20;
/** Linear memory of an interpreter without packages; see overlay.ts. */
const MAX_LINEAR = 80 << 20;

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
    const preload = set.preload ?? preloadOf(set.requirements, wheels);
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

/** The modules of the packages that were asked for by name. Those they depend on are imported by them, as far as needed. */
function preloadOf(requirements: string[], wheels: [LockedWheel, Wheel][]): string[] {
  const asked = new Set(requirements.map((text) => parseRequirement(text)?.name));
  return wheels
    .filter(([{ name }]) => asked.has(normalName(name)))
    .flatMap(([, { modules }]) => modules.filter((module) => !module.startsWith('_')));
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
  const { linked } = JSON.parse(rest['set.json']!.toString()) as SetManifest;
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

/** Returns why a set cannot run in an isolate, or null. `largest`: bytes of its largest compiled module. */
export function checkFits(bytes: PackageSet['bytes'], moduleBytes: number, largest: number): string | null {
  const mb = (size: number): string => `${(size / 1e6).toFixed(1)} MB`;
  if (largest > MAX_ASSET)
    return `one of its compiled modules has ${mb(largest)}, more than the ${mb(MAX_ASSET)} of one asset`;
  if (bytes.compiled + moduleBytes > MAX_MODULES)
    return `its compiled modules have ${mb(bytes.compiled)}, more than the ${mb(MAX_MODULES - moduleBytes)} of an isolate`;
  if (bytes.memory <= bytes.memoryLimit) return null;
  const left = mb(Math.max(0, bytes.memoryLimit));
  return `its snapshot needs ${mb(bytes.memory)} of memory, and ${left} are left beside its files; take packages out of it or of its \`preload\``;
}

/** Returns the limit of the linear memory beside compiled modules and files, in whole pages of 64 KiB. */
export const memoryLimitOf = (compiled: number, files: number): number =>
  Math.min(MAX_LINEAR, (SHARED_MEMORY - compiled - files) & ~0xffff);

function split(name: string, bytes: Uint8Array, partBytes: number): Record<string, Uint8Array> {
  const parts: Record<string, Uint8Array> = {};
  for (let at = 0, part = 0; at < bytes.length; at += partBytes, part++)
    parts[`${name}-${part}.bin`] = bytes.subarray(at, at + partBytes);
  return parts;
}
