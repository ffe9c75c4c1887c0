import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';

const OUT = 'dist/worker';

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

/** Bundles the Worker as a deploy does. Returns its modules, the main one first. */
export function buildWorker(): WorkerModule[] {
  rmSync(OUT, { recursive: true, force: true });
  execFileSync('node_modules/.bin/wrangler', ['deploy', '--dry-run', '--outdir', OUT], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const files = readdirSync(OUT).filter((name) => TYPE_OF_ENDING[extname(name)] !== undefined);
  return files.toSorted((a, b) => Number(b === 'index.js') - Number(a === 'index.js')).map(readModule);
}

function readModule(name: string): WorkerModule {
  const type = TYPE_OF_ENDING[extname(name)]!;
  const bytes = readFileSync(join(OUT, name));
  return {
    type,
    path: name,
    contents: type === 'ESModule' || type === 'Text' ? bytes.toString('utf8') : new Uint8Array(bytes),
  };
}
