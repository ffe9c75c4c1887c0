import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { basename, extname, join } from 'node:path';
import { readWranglerToml, writeConfig } from '../../scripts/deploy/config-file.ts';
import { configOf, toEnvironment } from '../../scripts/deploy/config.ts';

/** Module types by file ending in wrangler's output. Source maps and the like are not modules. */
const TYPE_OF_ENDING: Record<string, 'ESModule' | 'Text' | 'CompiledWasm' | 'Data'> = {
  '.js': 'ESModule',
  '.mjs': 'ESModule',
  '.txt': 'Text',
  '.html': 'Text',
  '.sql': 'Text',
  '.wasm': 'CompiledWasm',
  '.bin': 'Data',
};

export interface WorkerModule {
  type: 'ESModule' | 'Text' | 'CompiledWasm' | 'Data';
  path: string;
  contents: string | Uint8Array<ArrayBuffer>;
}

export const DEPLOYED = 'src/worker.ts';
export const DISPATCH_ONLY = 'bench/worker/dispatch-only.ts';

const built = new Map<string, WorkerModule[]>();

/** Bundles the Worker of an entry file as a deploy does, once per process. Returns its modules, the main one first. */
export function buildWorker(entry: string): WorkerModule[] {
  let modules = built.get(entry);
  if (modules === undefined) built.set(entry, (modules = bundle(entry)));
  return modules;
}

function bundle(entry: string): WorkerModule[] {
  const main = `${basename(entry, '.ts')}.js`;
  const out = join('dist/bench', main);
  rmSync(out, { recursive: true, force: true });
  const raw = readWranglerToml();
  const environment = toEnvironment(raw, 'bench');
  const config = writeConfig(environment, configOf(raw, environment));
  execFileSync('node_modules/.bin/wrangler', ['deploy', entry, '--config', config, '--dry-run', '--outdir', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const files = readdirSync(out).filter((name) => TYPE_OF_ENDING[extname(name)] !== undefined);
  return files.toSorted((a, b) => Number(b === main) - Number(a === main)).map((name) => readModule(out, name));
}

/** Bundles a Worker of the bench itself as one module. Returns its text. */
export async function bundleScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['node:*', 'cloudflare:*'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

function readModule(folder: string, name: string): WorkerModule {
  const type = TYPE_OF_ENDING[extname(name)]!;
  const bytes = readFileSync(join(folder, name));
  return {
    type,
    path: name,
    contents: type === 'ESModule' || type === 'Text' ? bytes.toString('utf8') : new Uint8Array(bytes),
  };
}
