import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import type { Unstable_RawConfig as RawConfig } from 'wrangler';

/** Everything that an upload is made of, besides its configuration. */
const SOURCES = ['src/**/*.*', 'dist/harness/*', 'dist/assets/**/*.*', 'package-lock.json'];

/** Returns a hash of all that an upload would contain: the same release needs no upload. The build must have run. */
export function releaseOf(config: RawConfig): string {
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const file of globSync(SOURCES).toSorted()) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Returns the names of all migrations, in order. */
export const readMigrations = (): string[] => globSync('*.sql', { cwd: 'migrations' }).toSorted();
