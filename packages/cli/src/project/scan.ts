import { readdirSync, type Dirent } from 'node:fs';
import { join, posix } from 'node:path';
import { languageOf } from '../../../../src/core/code/artifact.ts';
import { Failure } from '../failure.ts';

/** Maximum number of files below a project that are looked at. */
const MAX_FILES = 20_000;
/** Never part of a project; nor is any name that starts with a dot. */
const SKIPPED = ['node_modules', 'dist', '__pycache__'];
/** Returns whether no file at a path is part of a project. */
export const isSkipped = (path: string): boolean =>
  path.split('/').some((name) => name.startsWith('.') || SKIPPED.includes(name));

/** Files with the entries of one kind, in the folder of the project. */
export const ENTRY_FILES = { 'roles.jsonc': 'role', 'keys.jsonc': 'key', 'secrets.jsonc': 'secret' } as const;

export type FileKind = 'handler' | 'part' | 'endpoint' | 'table' | 'entries';
export interface ProjectPath {
  kind: FileKind;
  /** Relative to the project, with slashes. */
  path: string;
  /** A symbolic link is not followed: it could lead out of the project. */
  isLink: boolean;
  /** Path of the handler that a part belongs to. */
  entry?: string;
}

/** The file of a folder that makes it a handler, in the order in which one is chosen. */
const ENTRIES = ['index.ts', 'index.js', 'index.mjs', 'main.py'];

/** Returns what a file of a project is; null for one that is not pushed. */
export function kindOf(path: string): FileKind | null {
  if (Object.hasOwn(ENTRY_FILES, path)) return 'entries';
  if (path.endsWith('.endpoint.jsonc')) return 'endpoint';
  if (path.endsWith('.table.jsonc')) return 'table';
  return path.startsWith('handlers/') && !path.endsWith('.d.ts') && languageOf(path) !== null ? 'handler' : null;
}

/** Lists the files of a project that are pushed, sorted. Throws a Failure for a folder with too many files. */
export function scanProject(folder: string): ProjectPath[] {
  const { files } = walk(folder);
  const entryOf = findEntries(files.map(({ path }) => path));
  const found = files.flatMap(({ path, isLink }): ProjectPath[] => {
    const kind = kindOf(path);
    const entry = entryOf(path);
    if (entry === undefined || entry === path || (kind !== null && kind !== 'handler'))
      return kind === null ? [] : [{ kind, path, isLink }];
    return [{ kind: 'part', path, isLink, entry }];
  });
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Lists the folders of a project, itself (`''`) among them: relative, with a slash at the end. Throws as `scanProject` does. */
export const foldersOf = (folder: string): string[] => walk(folder).folders;

function walk(folder: string): { folders: string[]; files: { path: string; isLink: boolean }[] } {
  const files: { path: string; isLink: boolean }[] = [];
  const folders = [''];
  let count = 0;
  // `folders` grows while it is walked.
  for (const at of folders) {
    for (const entry of entriesOf(join(folder, at), at === '')) {
      if (isSkipped(entry.name)) continue;
      const path = `${at}${entry.name}`;
      if (++count > MAX_FILES)
        throw new Failure(`${folder} has more than ${MAX_FILES} files. Run portico in the folder of a project.`);
      if (entry.isDirectory()) folders.push(`${path}/`);
      else files.push({ path, isLink: entry.isSymbolicLink() });
    }
  }
  return { folders, files };
}

/** Returns the entries of a folder; none for one below the project that is gone since it was listed. */
function entriesOf(folder: string, isProject: boolean): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isProject) return [];
    throw new Failure(`${folder} cannot be read: ${code}`);
  }
}

/** Returns a function that finds the entry of the handler to whose folder a path belongs: the outermost folder with such a file. */
export function findEntries(paths: readonly string[]): (path: string) => string | undefined {
  const entries = new Map<string, string>();
  for (const name of ENTRIES)
    for (const path of paths) {
      const folder = posix.dirname(path);
      const isEntry = path === `${folder}/${name}` && folder.startsWith('handlers/');
      if (isEntry && !entries.has(folder)) entries.set(folder, path);
    }
  return (path) => {
    const names = path.split('/').slice(0, -1);
    const folders = names.map((_, i) => names.slice(0, i + 1).join('/'));
    const outermost = folders.find((folder) => entries.has(folder));
    return outermost === undefined ? undefined : entries.get(outermost);
  };
}
