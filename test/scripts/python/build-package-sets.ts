/** Builds the assets for tests of package sets: a copy of dist/assets with sets, whose wheels are made here. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPackageSets } from '../../../scripts/build-python.ts';
import { lockSets } from '../../../scripts/python/packages.ts';
import { folderSource } from '../../../scripts/python/sources.ts';
import { writeLock, writeWanted, type Wanted } from '../../../scripts/python/lock.ts';
import { sha256 } from '../../../scripts/python/sha256.ts';
import { FIXTURE_WHEELS } from './fixture-wheels.ts';
import { makeWheel, wheelFile } from './wheels.ts';

const OUT = 'dist/test-packages';
/** Small, so that snapshots come in parts. */
const PART_BYTES = 8 << 20;
const FOLDER = `${OUT}/packages`;
const WANTED: Wanted = {
  wheels: 'wheels',
  sets: {
    heavy: { requirements: ['portico-heavy'] },
    small: { requirements: ['portico-pure'] },
    whole: { requirements: ['portico-mini', 'flask', 'cubepy', 'pandas'] },
  },
};

/** Builds the sets once; later runs find them, until the runtime or a wheel changes. */
async function build(): Promise<void> {
  const wheels = FIXTURE_WHEELS.map((parts) => [wheelFile(parts), makeWheel(parts)] as const);
  const runtime = readFileSync('dist/harness/python-version.txt', 'utf8');
  const key = sha256([runtime, JSON.stringify(WANTED), ...wheels.map(([, bytes]) => sha256(bytes))].join(' '));
  const stamp = `${OUT}/built.txt`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  rmSync(OUT, { recursive: true, force: true });
  cpSync('dist/assets', `${OUT}/assets`, { recursive: true });
  mkdirSync(`${FOLDER}/wheels`, { recursive: true });
  for (const [file, bytes] of wheels) writeFileSync(`${FOLDER}/wheels/${file}`, bytes);
  // For tests that upload them.
  cpSync(`${FOLDER}/wheels`, `${OUT}/assets/wheels`, { recursive: true });
  const { version } = JSON.parse(readFileSync('node_modules/pyodide/package.json', 'utf8')) as { version: string };
  writeWanted(FOLDER, WANTED);
  writeLock(FOLDER, await lockSets(WANTED, [folderSource(FOLDER, join(FOLDER, 'wheels'))], version));
  await addPackageSets(OUT, { packages: FOLDER, cache: `${OUT}/cache`, partBytes: PART_BYTES });
  writeFileSync(stamp, key);
}

await build();
