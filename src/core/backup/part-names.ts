import { quoted } from '../../kernel/errors';
import type { DatabaseName } from '../../storage/snapshots';

/** Meaning of the name of a part. */
export type NamedPart =
  | { kind: 'table'; database: DatabaseName; table: string }
  | { kind: 'runs'; name: string }
  /** The list of files. */
  | { kind: 'files' }
  | { kind: 'file'; key: string };

/** Parses the name of a part; null for another text. */
export function parsePart(name: string): NamedPart | null {
  const [, database, table] = /^(DB|DATA)\/([A-Za-z][A-Za-z0-9_]{0,31})$/.exec(name) ?? [];
  if (database !== undefined && table !== undefined)
    return { kind: 'table', database: database as DatabaseName, table };
  if (/^runs\/(index|\d{4}-\d\d-\d\d\/\w(\.\d{1,4})?)$/.test(name)) return { kind: 'runs', name };
  if (name === 'files') return { kind: 'files' };
  return name.startsWith('file:') ? { kind: 'file', key: name.slice('file:'.length) } : null;
}

export const partNotFound = (name: string): string => `must be a part of the backup, not ${quoted(name)}`;
