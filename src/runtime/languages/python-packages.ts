import { findModule, findSet, type NeededPackages, type PackageSet } from '../../core/code/package-set';
import { parseRequirement } from '../../core/code/requirement.rules';
import { readScriptMetadata } from '../../core/code/script-metadata.rules';
import { sourceIssue, type SourcePlace } from '../../core/code/source-issue.rules';
import type { Issue } from '../../kernel/errors';
import { folderOf, readAsset, readIfAny, type PythonStore } from './python-assets';

/** Packages that the runtime has a part of itself, for scripts whose set does not have them. */
const BUILT_IN = new Set(['flask', 'tzdata']);

/** Lists the sets of uploaded packages. */
export type ListSets = () => Promise<PackageSet[]>;

/** Reads the sets of this service: those which scripts/build-python.ts built, and those of uploaded packages. */
export async function readPackageSets(store: PythonStore, uploadedSets: ListSets): Promise<PackageSet[]> {
  return (await Promise.all([readBuiltSets(store), uploadedSets()])).flat();
}

/** Reads the sets that scripts/build-python.ts built. */
export const readBuiltSets = async (store: PythonStore): Promise<PackageSet[]> =>
  parse(await readAsset(store)('sets/index.json'));

const parse = <T>(bytes: ArrayBuffer): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

/** Packages for the declaration of a script. `set` is null when it runs without packages. */
export type ChosenSet =
  | { kind: 'chosen'; set: PackageSet | null; needed?: NeededPackages; warnings: Issue[] }
  | { kind: 'refused'; message: string; line: number };

/** Chooses the set for a script by its block of PEP 723, or refuses a declaration that no set covers. */
export function chooseSet(source: string, sets: readonly PackageSet[]): ChosenSet {
  const metadata = readScriptMetadata(source);
  if (metadata.kind === 'invalid')
    return { kind: 'refused', message: `the script ${metadata.message}`, line: metadata.line };
  if (metadata.kind === 'none' || metadata.requires.length === 0) return { kind: 'chosen', set: null, warnings: [] };
  const { requires, line } = metadata;
  const set = findSet(sets, requires);
  if (set !== null) return { kind: 'chosen', set, needed: neededOf(requires, set), warnings: [] };
  const others = requires.filter((text) => !BUILT_IN.has(parseRequirement(text)!.name));
  if (others.length === requires.length || (others.length > 0 && findSet(sets, others) === null))
    return { kind: 'refused', message: noSetMessage(requires, sets), line };
  const rest = others.length === 0 ? null : findSet(sets, others)!;
  const warnings = requires.filter((text) => !others.includes(text)).map((text) => builtInWarning(text, line));
  return { kind: 'chosen', set: rest, warnings, ...(rest && { needed: neededOf(others, rest) }) };
}

const neededOf = (requires: string[], { id, name, uploaded }: PackageSet): NeededPackages => ({
  requires,
  set: name,
  ...(uploaded && { id }),
});

const builtInWarning = (text: string, line: number): Issue =>
  sourceIssue('import', `no package set has "${text}": the part of it that is built in is used`, { line, column: 0 });

/** Returns the set that a script of an operation declares, null for none. Throws with the reason when no set covers it. */
export async function requireSet(source: string, packageSets: ListSets): Promise<PackageSet | null> {
  if (readScriptMetadata(source).kind === 'none') return null;
  const chosen = chooseSet(source, await packageSets());
  if (chosen.kind === 'refused') throw new Error(`line ${chosen.line}: ${chosen.message}`);
  return chosen.set;
}

/** Returns the set of a saved version, or throws with a message for the run when no set covers its requirements any more. */
export async function setOf({ requires, set: name, id }: NeededPackages, store: PythonStore): Promise<PackageSet> {
  if (id !== undefined) {
    const entry = await readIfAny(store, `${folderOf({ id, uploaded: true })}/${ENTRY}`);
    if (entry === null) throw new Error(`the package set "${name}" was deleted: make it again, and save the handler`);
    return parse(entry);
  }
  const sets = await readBuiltSets(store);
  const set = findSet(sets, requires, name);
  if (set === null) throw new Error(noSetMessage(requires, sets));
  return set;
}

/** File of an uploaded set with what the list says of it. */
export const ENTRY = 'entry.json';

function noSetMessage(requires: readonly string[], sets: readonly PackageSet[]): string {
  const wanted = requires.map((text) => `"${text}"`).join(', ');
  if (sets.length === 0) return `no package set has ${wanted}: this service has none. ${HOW_TO_ADD}`;
  const names = ({ packages }: PackageSet): string =>
    packages.map(({ name, version }) => `${name} ${version}`).join(', ');
  const have = sets.map((set) => `${set.name} (${names(set)})`).join('; ');
  return `no package set has all of ${wanted}; there are: ${have}`.slice(0, MAX_MESSAGE);
}

const MAX_MESSAGE = 2000;
const HOW_TO_ADD =
  'An operator adds packages with `npm run python:add`, or an admin uploads them and makes a set (PUT /admin/package-sets/:name)';

/** Returns the warning for an import that the script's runtime does not have. */
export function missingWarning(module: string, place: SourcePlace, sets: readonly PackageSet[]): Issue {
  const offer = findModule(sets, module);
  if (offer === undefined) {
    const has =
      "a handler has Python's standard library, flask's Request and Response, and the packages that it declares";
    return sourceIssue('import', `module "${module}" is not available; ${has}`, place);
  }
  const line = `# dependencies = ["${offer.found.name}"]`;
  const message = `module "${module}" is in the package set "${offer.set.name}": declare it at the top with the lines "# /// script", "${line}", "# ///"`;
  return sourceIssue('import', message, place);
}
