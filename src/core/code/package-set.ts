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
}

/** What a version of a handler needs: its declared dependencies, and the set that covered them when it was saved. */
export interface NeededPackages {
  requires: string[];
  set: string;
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
