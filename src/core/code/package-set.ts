import { allowsVersion, applies, normalName, parseRequirement } from './requirement.rules.ts';

/** A package of a set, in one version. */
export interface SetPackage {
  name: string;
  version: string;
  /** Names that a script imports. */
  modules: string[];
}

/** A closed list of Python packages with one memory snapshot. A script runs on one set, or on none. */
export interface PackageSet {
  /** Changes with its packages and with what its snapshot has imported. */
  id: string;
  name: string;
  packages: SetPackage[];
  /** Sizes in bytes: of compiled modules, of other files, of the memory that the snapshot needs; and the limit of that memory. */
  bytes: { compiled: number; files: number; memory: number; memoryLimit: number };
  /** Numbers of the assets that hold its snapshot and its files: an asset has at most 25 MiB. */
  parts: { snapshot: number; site: number };
  /** True for a set of uploaded packages, which the service made itself. */
  uploaded?: true;
}

/** Packages of a version of a handler: its declared dependencies, and the set that covered them when it was saved. */
export interface NeededPackages {
  requires: string[];
  set: string;
  /** Id of a set of uploaded packages: this version stays on it when another takes the name. */
  id?: string;
}

/**
 * Returns the set that covers all requirements: the one with the name `preferred` if it does, else the smallest. Null when none does.
 * A requirement with a marker of another platform does not count.
 */
export function findSet(
  sets: readonly PackageSet[],
  requires: readonly string[],
  preferred?: string,
): PackageSet | null {
  const covering = sets.filter((set) => requires.every((text) => coversRequirement(set, text)));
  const size = ({ bytes }: PackageSet): number => bytes.compiled + bytes.files + bytes.memory;
  return (
    covering.find(({ name }) => name === preferred) ?? covering.toSorted((a, b) => size(a) - size(b)).at(0) ?? null
  );
}

function coversRequirement({ packages }: PackageSet, text: string): boolean {
  const required = parseRequirement(text);
  if (required === null || !applies(required)) return required !== null;
  const { name: wanted, specifier } = required;
  return packages.some(({ name, version }) => normalName(name) === wanted && allowsVersion(specifier, version));
}

/** Returns the package that a script imports as `module`, with its set; the smallest set first. */
export const findModule = (
  sets: readonly PackageSet[],
  module: string,
): { set: PackageSet; found: SetPackage } | undefined =>
  sets
    .flatMap((set) => set.packages.map((found) => ({ set, found })))
    .filter(({ found }) => found.modules.includes(module.split('.')[0]!))
    .toSorted((a, b) => a.set.packages.length - b.set.packages.length)
    .at(0);

/** Cloudflare's limits: bytes of one static asset, and of all modules of an isolate. */
export const MAX_ASSET = 25 << 20;
const MAX_MODULES = 64 << 20;
/**
 * Bytes of memory of an isolate that linear memory, side modules and files of packages share. Of its 128 MB, the runtime takes 27 beside
 * them, and 8 are left for what a call sends.
 */
const SHARED_MEMORY = 88 << 20;
/** Linear memory of an interpreter without packages, in bytes; see overlay.ts. The largest body of a call, of 25 MiB, fits beside it. */
const MAX_LINEAR = 64 << 20;

/**
 * Returns why a set cannot run in an isolate, or null. `moduleBytes`: the modules that every isolate has; `largest`: bytes of the set's
 * largest compiled module.
 */
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

/** Returns the modules of the packages that were asked for by name. Those they depend on are imported by them, as far as needed. */
export function preloadOf(requirements: readonly string[], packages: readonly Omit<SetPackage, 'version'>[]): string[] {
  const asked = new Set(requirements.map((text) => parseRequirement(text)?.name));
  return packages
    .filter(({ name }) => asked.has(normalName(name)))
    .flatMap(({ modules }) => modules.filter((module) => !module.startsWith('_')));
}
