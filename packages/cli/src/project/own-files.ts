import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FILE_SCHEMAS, fileSchemaText } from '../../../../src/core/projects/files/file-schemas.ts';

/** Returns the files of `.portico` that follow from the version of the command: schemas for editors, and what keeps the folder out of Git. */
const ownFiles = (): Record<string, string> => ({
  '.portico/.gitignore': '*\n',
  ...Object.fromEntries(FILE_SCHEMAS.map((name) => [`.portico/schema/${name}.json`, `${fileSchemaText(name)}\n`])),
});

/** Makes the files of `.portico` those of this version. A clone and a folder that was pulled have none. */
export function writeOwnFiles(folder: string): void {
  for (const [path, text] of Object.entries(ownFiles())) {
    const file = join(folder, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
