import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Returns what `read` reads, or `otherwise` when it is not there: other services delete their temporary files concurrently. */
function ifThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

/** Files below the folders, one path each; a folder that is not there has none. */
export function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((folder) => {
    const entries = ifThere(() => readdirSync(folder, { withFileTypes: true }), []);
    return entries.flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
  });
}

/** Files below the folders that were written at `since` or later, in milliseconds: what is older has nothing that was made after. */
export function filesWrittenSince(since: number, ...folders: string[]): string[] {
  return filesBelow(...folders).filter((path) => ifThere(() => statSync(path).mtimeMs, 0) >= since);
}

/**
 * Returns the places of the values, in any of the forms in which text is usually stored: `value file: form`. Every byte of every file is looked
 * at.
 */
export function findBytes(values: Record<string, string>, files: string[]): string[] {
  const wanted = Object.entries(values).map(([name, value]) => [name, formsOf(value)] as const);
  return files.flatMap((file) => {
    // A database of an instance that was put away while this reads loses its journal.
    const bytes = ifThere(() => readFileSync(file), Buffer.alloc(0));
    return wanted.flatMap(([name, forms]) =>
      forms.flatMap(([form, needle]) => (bytes.includes(needle) ? [`${name} ${file}: ${form}`] : [])),
    );
  });
}

/** The forms of a value with their names; two that have the same bytes are one. */
function formsOf(value: string): [form: string, needle: Buffer][] {
  const bytes = Buffer.from(value);
  const forms: Record<string, string> = {
    text: value,
    hex: bytes.toString('hex'),
    base64: base64Inside(bytes, 0, 'base64'),
    'base64 at 1': base64Inside(bytes, 1, 'base64'),
    'base64 at 2': base64Inside(bytes, 2, 'base64'),
    base64url: base64Inside(bytes, 0, 'base64url'),
    'base64url at 1': base64Inside(bytes, 1, 'base64url'),
    'base64url at 2': base64Inside(bytes, 2, 'base64url'),
  };
  const names = new Map(Object.entries(forms).map(([form, text]) => [text, form]));
  return [
    ...[...names].map(([text, form]): [string, Buffer] => [form, Buffer.from(text)]),
    ['UTF-16', Buffer.from(value, 'utf16le')],
  ];
}

/**
 * Returns the digits of base64 that depend on the value only, in a longer text where the value starts `offset` bytes after a multiple of
 * three.
 */
function base64Inside(value: Buffer, offset: 0 | 1 | 2, encoding: 'base64' | 'base64url'): string {
  const own = value.subarray((3 - offset) % 3);
  return own.subarray(0, own.length - (own.length % 3)).toString(encoding);
}
