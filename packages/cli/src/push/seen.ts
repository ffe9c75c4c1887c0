import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
