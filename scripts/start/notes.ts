import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { writePrivately } from '../private-file.ts';

/** State that one start keeps for the next: the service does not return the value of a key twice. */
export interface Notes {
  exampleKey: { id: string; value: string };
}

/** Returns the notes of an earlier start; null when they are missing or malformed. */
export function readNotes(file: string): Notes | null {
  if (!existsSync(file)) return null;
  chmodSync(file, 0o600);
  try {
    const { exampleKey } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Notes>;
    return typeof exampleKey?.id === 'string' && typeof exampleKey.value === 'string' ? { exampleKey } : null;
  } catch {
    return null;
  }
}

export const writeNotes = (file: string, notes: Notes): void =>
  writePrivately(file, `${JSON.stringify(notes, null, 2)}\n`);
