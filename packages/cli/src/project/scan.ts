import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { languageOf } from '../../../../src/core/code/artifact.ts';
import { Failure } from '../failure.ts';

/** Maximum number of files below a project that are looked at. */
const MAX_FILES = 20_000;
/** Never part of a project; nor is any name that starts with a dot. */
const SKIPPED = ['node_modules', 'dist'];
/** Files with the entries of one kind, in the folder of the project. */
export const ENTRY_FILES = { 'roles.jsonc': 'role', 'keys.jsonc': 'key', 'secrets.jsonc': 'secret' } as const;

export type FileKind = 'handler' | 'endpoint' | 'table' | 'entries';
export interface ProjectPath {
  kind: FileKind;
  /** Relative to the project, with slashes. */
  path: string;
  /** A symbolic link is not followed: it could lead out of the project. */
  isLink: boolean;
}

/** Returns what a file of a project is; null for one that is not pushed. */
export function kindOf(path: string): FileKind | null {
  if (path in ENTRY_FILES) return 'entries';
  if (path.endsWith('.endpoint.jsonc')) return 'endpoint';
  if (path.endsWith('.table.jsonc')) return 'table';
  return path.startsWith('handlers/') && !path.endsWith('.d.ts') && languageOf(path) !== null ? 'handler' : null;
}

/** Lists the files of a project that are pushed, sorted. Throws a Failure for a folder with too many files. */
export function scanProject(folder: string): ProjectPath[] {
  const found: ProjectPath[] = [];
  let count = 0;
  const open = [''];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || SKIPPED.includes(entry.name)) continue;
      const path = `${at}${entry.name}`;
      if (++count > MAX_FILES)
        throw new Failure(`${folder} has more than ${MAX_FILES} files. Run portico in the folder of a project.`);
      if (entry.isDirectory()) open.push(`${path}/`);
      const kind = entry.isDirectory() ? null : kindOf(path);
      if (kind !== null) found.push({ kind, path, isLink: entry.isSymbolicLink() });
    }
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
