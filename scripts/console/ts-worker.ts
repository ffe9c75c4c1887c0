import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { editorLibraries } from './libraries.ts';

const CACHE = 'dist/ts-worker';
/** Parts of the worker, besides the packages of the lock file. */
const SOURCES = [
  'console/src/editor/ts/*.ts',
  'scripts/console/*.ts',
  'src/core/code/libraries.ts',
  'package-lock.json',
];

export interface TsWorker {
  /** Its file below assets/, with a hash of its contents. */
  file: string;
  code: string;
}

/**
 * Bundles the worker with the TypeScript compiler, by esbuild: Vite takes minutes for it. Kept in dist/ until its sources change, as bundling
 * takes seconds.
 */
export async function buildTsWorker(): Promise<TsWorker> {
  const cached = `${CACHE}/${hashSources()}.js`;
  if (!existsSync(cached)) {
    rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(cached, await bundle());
  }
  const code = readFileSync(cached, 'utf8');
  return { file: `assets/typescript-${sha256(code).slice(0, 12)}.js`, code };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashSources = (): string =>
  sha256(
    SOURCES.flatMap((pattern) =>
      globSync(pattern)
        .toSorted()
        .map((file) => `${file}\n${readFileSync(file, 'utf8')}`),
    ).join('\n'),
  );

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['console/src/editor/ts/ts.worker.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2024',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [
      {
        name: 'libraries',
        setup: (plugin) => {
          plugin.onResolve({ filter: /^virtual:libraries$/ }, () => ({ path: 'libraries', namespace: 'libraries' }));
          plugin.onLoad({ filter: /.*/, namespace: 'libraries' }, () => ({
            contents: JSON.stringify(editorLibraries()),
            loader: 'json',
          }));
        },
      },
    ],
  });
  return outputFiles[0]!.text;
}
