/**
 * Manages Python packages of a service: `npm run python:add pandas`, `python:remove`, `python:list`, `python:lock`.
 * Writes python-packages.json and its lock file; the next build makes the sets.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { normalName, parseRequirement } from '../../src/core/code/requirement.rules.ts';
import { readLock, readWanted, writeLock, writeWanted, type Lock, type LockedWheel, type Wanted } from './lock.ts';
import { resolve, type Source } from '../../src/core/code/resolve-packages.ts';
import { folderSource, indexSource, pyodideSource } from './sources.ts';
import { defaultCache, wheelCache } from './wheel-cache.ts';

const ROOT = join(import.meta.dirname, '../..');
const PYODIDE = join(ROOT, 'node_modules/pyodide');
const DEFAULT_SET = 'default';

const HELP = `npm run python:add -- <package…> [--set <name>] [--wheels <folder>]   adds packages to a set, and locks their versions
npm run python:remove -- <package…> [--set <name>]                    removes packages from a set
npm run python:list                                                   lists the sets with their wheels
npm run python:lock                                                   chooses all versions again

A package may have versions: 'pandas>=3,<4'. The default set is "${DEFAULT_SET}". --wheels names a folder with wheels of your own, which is
searched first. Versions come from the Python package index, which python3's pip is asked for, or else from Pyodide's distribution.`;

/** Chooses the wheels of all sets. Sources are searched in their order. */
export async function lockSets(
  wanted: Wanted,
  sources: readonly Source<LockedWheel>[],
  pyodide: string,
): Promise<Lock> {
  const sets: Lock['sets'] = {};
  for (const [name, { requirements, preload }] of Object.entries(wanted.sets)) {
    const wheels = await resolve(requirements, sources);
    sets[name] = { requirements, ...(preload && { preload }), wheels };
  }
  return { pyodide, sets };
}

/** Returns what is wanted with packages added to a set; a package that it has gets the new versions. */
export function addTo(wanted: Wanted, set: string, texts: string[]): Wanted {
  const names = texts.map(nameOf);
  const before = wanted.sets[set] ?? { requirements: [] };
  const kept = before.requirements.filter((text) => !names.includes(nameOf(text)));
  return { ...wanted, sets: { ...wanted.sets, [set]: { ...before, requirements: [...kept, ...texts] } } };
}

/** Returns what is wanted without some packages of a set, and without the set when it has none left. */
export function removeFrom(wanted: Wanted, set: string, texts: string[]): Wanted {
  const before = wanted.sets[set];
  const names = texts.map(nameOf);
  const absent = names.filter((name) => !before?.requirements.some((text) => nameOf(text) === name));
  if (before === undefined || absent.length > 0)
    throw new Error(`the set "${set}" does not require ${absent.join(', ')}`);
  const requirements = before.requirements.filter((text) => !names.includes(nameOf(text)));
  const { [set]: _, ...others } = wanted.sets;
  return { ...wanted, sets: requirements.length === 0 ? others : { ...others, [set]: { ...before, requirements } } };
}

function nameOf(text: string): string {
  const requirement = parseRequirement(text);
  if (requirement === null) throw new Error(`"${text}" is not a package with versions, such as pandas or 'pandas>=3'`);
  return normalName(requirement.name);
}

export function renderList({ sets }: Lock): string {
  const lines = Object.entries(sets).flatMap(([name, { requirements, wheels }]) => [
    `${name}: ${requirements.join(', ')}`,
    ...wheels.map(({ name: wheel, version, from, file }) => `  ${wheel} ${version}  ${file} (${from})`),
  ]);
  return lines.length === 0 ? 'There are no package sets.' : lines.join('\n');
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      set: { type: 'string', default: DEFAULT_SET },
      wheels: { type: 'string' },
      cache: { type: 'string', default: defaultCache() },
      root: { type: 'string', default: ROOT },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, ...texts] = positionals;
  const { set, root, cache } = values;
  const { default: manifest } = (await import(join(PYODIDE, 'package.json'), { with: { type: 'json' } })) as {
    default: { version: string };
  };
  const wanted = readWanted(root);
  const isChange = command === 'add' || command === 'remove';
  if (values.help || command === undefined || (isChange && texts.length === 0)) return console.log(HELP);
  if (command === 'list') return console.log(renderList(readLock(root, manifest.version) ?? { pyodide: '', sets: {} }));
  if (!isChange && command !== 'lock') throw new Error(`there is no command "${command}": see --help`);

  const changed =
    command === 'add' ? addTo(wanted, set, texts) : command === 'remove' ? removeFrom(wanted, set, texts) : wanted;
  const next = values.wheels === undefined ? changed : { ...changed, wheels: values.wheels };
  const folders = next.wheels === undefined ? [] : [folderSource(root, join(root, next.wheels))];
  const lock = await lockSets(next, [...folders, indexSource, pyodideSource(PYODIDE)], manifest.version);
  const fetchWheel = wheelCache(root, cache);
  for (const wheel of Object.values(lock.sets).flatMap(({ wheels }) => wheels)) await fetchWheel(wheel);
  writeWanted(root, next);
  writeLock(root, lock);
  console.log(renderList(lock));
}

if (process.argv[1] === import.meta.filename) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
