/** Chooses the wheels of a package set: what is required, what that requires, and so on, each in one version. */
import { applies, allowsVersion, normalName, parseRequirement, type Requirement } from './requirement.rules.ts';

/** Facts that every source has of a wheel. */
interface Named {
  name: string;
  version: string;
}

/** A wheel that a source offers, with its requirements. */
export interface Offer<W extends Named> {
  wheel: W;
  requires: string[];
}
/** A place where wheels come from. */
export interface Source<W extends Named> {
  /** Finds the best wheel for all specifiers, joined by commas; null when it has none. */
  find: (name: string, specifier: string) => Promise<Offer<W> | null>;
}

/** A requirement, and what it is required by. */
interface Constraint {
  requirement: Requirement;
  by: string;
}

/** Names of the runtime itself, which no package provides: its time zones are built in. */
const BUILT_IN = new Set(['tzdata']);
/** Rounds of choosing again after a later requirement excluded a version. */
const MAX_ROUNDS = 20;

/** Why requirements cannot be met: a message that names the package. */
export class Unresolved extends Error {}

/** Resolves to the wheels of all requirements, by name. Throws Unresolved with the package that cannot be had, and why. */
export async function resolve<W extends Named>(
  requirements: readonly string[],
  sources: readonly Source<W>[],
): Promise<W[]> {
  const constraints = requirements.map((text) => toConstraint(text, 'the set'));
  const known = new Map<string, Promise<Offer<W> | null>>();
  const find = (name: string, specifier: string): Promise<Offer<W> | null> => {
    const key = `${name} ${specifier}`;
    const found = known.get(key) ?? firstOffer(sources, name, specifier);
    known.set(key, found);
    return found;
  };
  let specifiers = new Map<string, Constraint[]>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const chosen = await chooseAll(constraints, specifiers, find);
    if (chosen.settled) return chosen.wheels.sort((a, b) => (a.name < b.name ? -1 : 1));
    specifiers = chosen.constraints;
  }
  throw new Unresolved(`no versions of the packages fit each other: ${describe([...specifiers.values()].flat())}`);
}

async function firstOffer<W extends Named>(
  sources: readonly Source<W>[],
  name: string,
  specifier: string,
): Promise<Offer<W> | null> {
  for (const source of sources) {
    const offer = await source.find(name, specifier);
    if (offer !== null) return offer;
  }
  return null;
}

/** One round. `earlier`: constraints of the round before, so that a version is chosen by what only later packages ask of it. */
async function chooseAll<W extends Named>(
  constraints: readonly Constraint[],
  earlier: ReadonlyMap<string, Constraint[]>,
  find: (name: string, specifier: string) => Promise<Offer<W> | null>,
): Promise<{ settled: boolean; wheels: W[]; constraints: Map<string, Constraint[]> }> {
  const all = new Map<string, Constraint[]>();
  const chosen = new Map<string, Offer<W>>();
  const open = [...constraints];
  let settled = true;
  for (let constraint = open.shift(); constraint !== undefined; constraint = open.shift()) {
    const { name, extras } = constraint.requirement;
    if (BUILT_IN.has(name)) continue;
    const known = all.get(name) ?? [];
    const isNews = !known.some(({ requirement }) => extras.every((extra) => requirement.extras.includes(extra)));
    all.set(name, [...known, constraint]);
    const offer = chosen.get(name) ?? (await choose(name, [...(earlier.get(name) ?? []), constraint], find));
    chosen.set(name, offer);
    if (!allowsVersion(constraint.requirement.specifier, offer.wheel.version)) settled = false;
    if (isNews) open.push(...offer.requires.flatMap((text) => constraintsOf(text, extras, offer.wheel)));
  }
  return { settled, wheels: [...chosen.values()].map(({ wheel }) => wheel), constraints: all };
}

async function choose<W extends Named>(
  name: string,
  constraints: Constraint[],
  find: (name: string, specifier: string) => Promise<Offer<W> | null>,
): Promise<Offer<W>> {
  const specifier = [...new Set(constraints.map(({ requirement }) => requirement.specifier).filter(Boolean))]
    .sort()
    .join(',');
  const offer = await find(name, specifier);
  if (offer !== null) return offer;
  throw new Unresolved(
    `${describe(constraints)}: there is no wheel that runs here (py3-none-any, or CPython 3.14 for WebAssembly)`,
  );
}

const describe = (constraints: readonly Constraint[]): string =>
  [...new Set(constraints.map(({ requirement: { name, specifier }, by }) => `${name}${specifier} (for ${by})`))].join(
    ', ',
  );

function toConstraint(text: string, by: string): Constraint {
  const requirement = parseRequirement(text);
  if (requirement === null)
    throw new Unresolved(`"${text}" is not a requirement that can be had from an index (for ${by})`);
  return { requirement, by };
}

function constraintsOf(text: string, extras: string[], { name, version }: Named): Constraint[] {
  const constraint = toConstraint(text, `${name} ${version}`);
  return applies(constraint.requirement, extras) ? [constraint] : [];
}

/** Returns the version specifiers that a lock of Pyodide's distribution gives to what a package of it depends on. */
export const exactly = (name: string, version: string): string => `${normalName(name)}==${version}`;
