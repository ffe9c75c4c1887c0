import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '../../../../src/kernel/signed.ts';

const fileIn = (folder: string): string => join(folder, '.portico', 'seen.json');

type Seen = Record<string, number>;

function readSeen(folder: string): Seen {
  const file = fileIn(folder);
  return existsSync(file) ? (Object(JSON.parse(readFileSync(file, 'utf8'))) as Seen) : {};
}

/** Returns the generation of the project that this folder last pushed to or pulled from an origin; undefined: none. */
export const seenGeneration = (folder: string, origin: string): number | undefined => readSeen(folder)[origin];

/** Notes the generation that this folder has. */
export function noteGeneration(folder: string, origin: string, generation: number): void {
  const seen = readSeen(folder);
  if (seen[origin] === generation) return;
  mkdirSync(join(folder, '.portico'), { recursive: true });
  const draft = `${fileIn(folder)}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify({ ...seen, [origin]: generation })}\n`);
  renameSync(draft, fileIn(folder));
}

const PREFIX = 'folder-';

/** Returns what a push from a folder without Git names as its commit: this folder of this machine, whatever is in it. */
export const folderName = (folder: string): string =>
  `${PREFIX}${sha256Hex(`${hostname()}\n${realpathSync(folder)}`).slice(0, 12)}`;

export const isFolderName = (commit: string): boolean => commit.startsWith(PREFIX);
