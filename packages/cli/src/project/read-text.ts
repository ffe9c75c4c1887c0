import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { normalSource } from '../../../../src/core/projects/documents/documents.ts';
import { SOURCE_BYTES } from '../../../../src/core/publishing/handlers/handler.schema.ts';
import { placeOf, type FileIssue } from './jsonc.ts';

export const issueIn = (file: string, message: string, place = { line: 1, column: 1 }): FileIssue => ({
  file,
  ...place,
  message,
});

/** A generated value of a key or a personal token: see `generateValue`. */
const VALUE = /\bpt[kc]_[A-Za-z0-9]{8}_[A-Za-z0-9]{38}/;

/** Reads a file of a project in normal form, or returns the issue that keeps it from being pushed. */
export function readText(folder: string, path: string): { text: string } | { fileIssue: FileIssue } {
  const bytes = readBytes(join(folder, path));
  if (typeof bytes === 'string') return { fileIssue: issueIn(path, bytes) };
  const text = decode(bytes);
  if (text === null) return { fileIssue: issueIn(path, 'is not UTF-8 text') };
  const value = VALUE.exec(text);
  if (value === null) return { text };
  const message = 'contains the value of a key or token. Remove it, and revoke it';
  return { fileIssue: issueIn(path, message, placeOf(text, value.index)) };
}

/** Returns the content of a file, or the issue with it: an editor may take one away after it was listed. */
function readBytes(file: string): Uint8Array | string {
  try {
    return statSync(file).size > SOURCE_BYTES ? `is larger than ${SOURCE_BYTES} bytes` : readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'was removed while the folder was read' : `cannot be read: ${code}`;
  }
}

/** Returns normal text; null for bytes that are not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return normalSource(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
