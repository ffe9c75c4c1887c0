/**
 * Builds the Python runtime: static assets that the Worker reads on first use (and does not serve), and the runtime's version, a small text
 * that the Worker contains. Output goes to dist/ and is never committed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { helperModules } from './python/helpers.ts';
import { pythonFiles } from './python/interpreter.ts';
import { LOCK_FILE, readLock, WANTED_FILE } from './python/lock.ts';
import { MAX_ASSET } from '../src/core/code/package-set.ts';
import { buildSets } from './python/package-sets.ts';
import { wheelCache } from './python/wheel-cache.ts';

const ROOT = dirname(import.meta.dirname);
const PYODIDE = join(ROOT, 'node_modules/pyodide');
const HARNESS = join(ROOT, 'src/runtime/harness/python');
const COPIED = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'pyodide.mjs', 'python_stdlib.zip'];
const ASSETS = [
  ...COPIED,
  'zones.bin',
  'snapshot.bin',
  'helpers.json',
  'library.json',
  'harness.mjs',
  'set-builder.mjs',
  'templates.zip',
  'sets/index.json',
];
/** Modules of every isolate. */
const MODULES = [...COPIED, 'zones.bin', 'helpers.json', 'harness.mjs'];
/** The template renderer: jinja2 with its dependencies, and the harness around it. */
const TEMPLATES = [join(ROOT, 'vendor/python'), join(HARNESS, 'templates')];

/** Options of tests: the folder with python-packages.json and its lock file, the folder that keeps wheels, and the size of an asset. */
export interface PackageOptions {
  packages?: string;
  cache?: string;
  partBytes?: number;
}

/** Returns the hex SHA-256 over the names and bytes of all inputs. */
function hashInputs(packages: string): string {
  const below = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const files = [
    ...[...COPIED, 'pyodide-lock.json', 'package.json'].map((name) => join(PYODIDE, name)),
    ...below(HARNESS),
    // Shared with the other harnesses.
    ...readdirSync(dirname(HARNESS)).map((name) => join(dirname(HARNESS), name)),
    ...below(TEMPLATES[0]!),
    ...below(join(ROOT, 'scripts/python')),
    import.meta.filename,
  ];
  const hash = createHash('sha256').update(process.version);
  for (const name of [WANTED_FILE, LOCK_FILE]) {
    const path = join(packages, name);
    hash.update(existsSync(path) ? readFileSync(path) : '-');
  }
  for (const file of files.filter((path) => statSync(path).isFile() && !path.includes('__pycache__')).sort()) {
    hash.update(`\n${file.slice(ROOT.length)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Bundles a main module of an isolate. */
async function bundleMain(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HARNESS, file)],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    external: ['cloudflare:workers', 'node:async_hooks', './*.wasm', './*.zip', './*.bin', './*.mjs', './handler.json'],
    absWorkingDir: ROOT,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}

/** Builds the snapshot, the WebAssembly modules that it needed, and the modules that render templates. */
function snapshot(): { bytes: Buffer; recorded: string[]; templates: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'portico-python-'));
  try {
    const made = ['snapshot', 'modules', 'templates.zip'].map((name) => join(folder, name));
    const script = join(ROOT, 'scripts/python/snapshot.ts');
    execFileSync(process.execPath, [script, PYODIDE, join(HARNESS, 'lib'), ...made, ...TEMPLATES], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [bytes, recorded, templates] = made.map((file) => readFileSync(file)) as [Buffer, Buffer, Buffer];
    return { bytes, recorded: JSON.parse(recorded.toString()) as string[], templates };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeAssets(): Promise<Record<string, string | Buffer>> {
  const read = (name: string): Buffer => readFileSync(join(PYODIDE, name));
  const helpers = helperModules(read('pyodide.asm.mjs').toString(), read('pyodide.mjs').toString());
  const { bytes, recorded, templates } = snapshot();
  const unexpected = recorded.filter((module) => !helpers.includes(module));
  if (unexpected.length > 0)
    throw new Error(`Pyodide compiled modules that were not generated: ${unexpected.join(' ')}`);
  return {
    ...Object.fromEntries(COPIED.map((name) => [name, read(name)])),
    'zones.bin': readFileSync(join(HARNESS, 'zones.bin')),
    'snapshot.bin': bytes,
    'helpers.json': JSON.stringify(helpers),
    'library.json': JSON.stringify(pythonFiles(join(HARNESS, 'lib'))),
    'harness.mjs': await bundleMain('main.ts'),
    'set-builder.mjs': await bundleMain('builder.ts'),
    'templates.zip': templates,
  };
}

/** Writes assets below a folder. Throws when one is over Cloudflare's limit. */
function writeAssets(folder: string, assets: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(assets)) {
    const bytes = Buffer.from(content);
    if (bytes.length > MAX_ASSET)
      throw new Error(`${name} has ${bytes.length} bytes, more than Cloudflare's limit for one asset`);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** Adds the package sets of a lock file to `<outDir>/assets/python`, where the runtime is already. */
export async function addPackageSets(
  outDir: string,
  { packages = ROOT, cache, partBytes = MAX_ASSET }: PackageOptions,
): Promise<void> {
  const assets = join(outDir, 'assets/python');
  const { version } = JSON.parse(readFileSync(join(PYODIDE, 'package.json'), 'utf8')) as { version: string };
  const moduleBytes = MODULES.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
  const runtime = { pyodide: PYODIDE, library: join(HARNESS, 'lib'), moduleBytes, partBytes };
  const lock = readLock(packages, version);
  rmSync(join(assets, 'sets'), { recursive: true, force: true });
  writeAssets(assets, await buildSets(lock, wheelCache(packages, cache), runtime));
}

/**
 * Fills `<outDir>/assets/python` and `<outDir>/harness/python-version.txt`. Deterministic; does nothing when the inputs have
 * not changed. Takes about 5 s when they have, and as much again for each package set. Throws when an asset is over Cloudflare's limit.
 */
export async function buildPython(outDir: string, options: PackageOptions = {}): Promise<'built' | 'unchanged'> {
  const assets = join(outDir, 'assets/python');
  const versionFile = join(outDir, 'harness/python-version.txt');
  const version = hashInputs(options.packages ?? ROOT).slice(0, 32);
  const isThere = ASSETS.every((name) => existsSync(join(assets, name)));
  if (isThere && existsSync(versionFile) && readFileSync(versionFile, 'utf8') === version) return 'unchanged';

  const made = await makeAssets();
  rmSync(versionFile, { force: true });
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(dirname(versionFile), { recursive: true });
  writeAssets(assets, made);
  await addPackageSets(outDir, options);
  writeFileSync(versionFile, version);
  return 'built';
}

if (process.argv[1] === import.meta.filename) console.log(await buildPython(process.argv[2] ?? 'dist'));
