import type { EditorLanguage } from '../../editor/languages';
import type { VersionWithSource } from './handler.queries';

export interface SourceFile {
  path: string;
  source: string;
}

/** Returns the files of a version by their paths in the project; of a handler of one file, that one. */
export const filesOf = (handlerPath: string, { source, files }: VersionWithSource): readonly SourceFile[] =>
  files ?? [{ path: entryOf(handlerPath), source }];

/** The file of a project whose exports are the handler. */
export const entryOf = (handlerPath: string): string => `handlers/${handlerPath}`;

/** Returns the file at a path, else the entry. */
export const fileAt = (files: readonly SourceFile[], path: string | undefined, handlerPath: string): SourceFile =>
  files.find((file) => file.path === path) ?? files.find((file) => file.path === entryOf(handlerPath)) ?? files[0]!;

export interface ChangedFile {
  path: string;
  change: 'added' | 'removed' | 'changed';
  before: string;
  after: string;
}

/** Returns the files that differ between two versions, by path. */
export function changedFiles(before: readonly SourceFile[], after: readonly SourceFile[]): ChangedFile[] {
  const [older, newer] = [before, after].map((files) => new Map(files.map(({ path, source }) => [path, source])));
  const paths = [...new Set([...older!.keys(), ...newer!.keys()])].toSorted();
  return paths.flatMap((path): ChangedFile[] => {
    const [from, to] = [older!.get(path), newer!.get(path)];
    if (from === to) return [];
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ path, change, before: from ?? '', after: to ?? '' }];
  });
}

/** The language of an editor for a file. */
export function languageOfFile(path: string): EditorLanguage {
  if (/\.(ts|tsx|mts|cts)$/.test(path)) return 'typescript';
  if (path.endsWith('.py')) return 'python';
  if (/\.(js|jsx|mjs|cjs)$/.test(path)) return 'javascript';
  return path.endsWith('.json') ? 'json' : 'text';
}
