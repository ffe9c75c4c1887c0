import type { Handler } from './handler.queries';

type Item = { kind: 'folder'; path: string; handlers: number } | { kind: 'handler'; handler: Handler };

/** A folder or a handler in the tree, with its name in the folder around it. */
export type Entry =
  | { kind: 'folder'; path: string; name: string; handlers: number; /** null: not read yet. */ entries: Entry[] | null }
  | { kind: 'handler'; name: string; handler: Handler };

/** Builds the tree below a folder: handlers that the service lists from folders in it are put into these. */
export function toEntries(items: readonly Item[], under: string): Entry[] {
  const folders: Entry[] = [];
  const handlers: Entry[] = [];
  const inFolders = new Map<string, Item[]>();
  for (const item of items) {
    const path = item.kind === 'folder' ? item.path : item.handler.path;
    const slash = path.indexOf('/', under.length);
    if (item.kind === 'folder') folders.push({ ...item, name: path.slice(under.length), entries: null });
    else if (slash === -1) handlers.push({ kind: 'handler', name: path.slice(under.length), handler: item.handler });
    else {
      const folder = path.slice(0, slash + 1);
      inFolders.set(folder, [...(inFolders.get(folder) ?? []), item]);
    }
  }
  for (const [path, own] of inFolders)
    folders.push({
      kind: 'folder',
      path,
      name: path.slice(under.length),
      handlers: own.length,
      entries: toEntries(own, path),
    });
  return [...folders, ...handlers];
}

/** Reads and writes the folders that an address has the other way round than at first, in a text with commas. */
export const toFolders = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((each) => each.replaceAll('%2C', ',').replaceAll('%25', '%'));
export const fromFolders = (folders: readonly string[]): string =>
  folders.map((each) => each.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
