import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeIfChanged } from './write-if-changed.ts';

const OUT = 'dist/assets/console';
/** Sources of the console, and the chunks that the build made, for the test of its budgets. */
const HASH = 'dist/console.hash';
const MANIFEST = 'dist/console.manifest.json';

/** Everything that the bundle depends on. Of src/ it may contain pure rules alone; the rest is types. */
const SOURCES = [
  'console/*.{html,ts,json}',
  'console/src/**/*',
  'src/{core,plynx}/**/*.rules.ts',
  'package-lock.json',
  'src/core/code/libraries.ts',
  'scripts/build-console.ts',
  'scripts/console/*.ts',
];

function hashSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map(({ parentPath, name }) => `${parentPath}/${name}`).toSorted())
    hash.update(`${file}\n`).update(readFileSync(file)).update('\n');
  return hash.digest('hex');
}

/**
 * Builds the console into dist/assets/console, unless its sources are those of the last build. `say` gets a line before a build, which
 * takes some seconds, and one after it.
 */
export async function buildConsole(say: (line: string) => void): Promise<void> {
  const hash = hashSources();
  const isCurrent = existsSync(HASH) && readFileSync(HASH, 'utf8') === hash && existsSync(`${OUT}/index.html`);
  if (isCurrent) return;
  say('Building the console …');
  const startedAt = Date.now();
  rmSync(HASH, { force: true });
  const { build } = await import('vite');
  // A service that tests or a developer's shell start has another one, which would build the development React: six times the work a key.
  process.env.NODE_ENV = 'production';
  await build({ root: 'console', configFile: 'console/vite.config.ts', logLevel: 'warn' });
  // Not among the files that the Worker serves.
  renameSync(`${OUT}/.vite/manifest.json`, MANIFEST);
  rmSync(`${OUT}/.vite`, { recursive: true });
  writeIfChanged(HASH, hash);
  say(`Built the console in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}
