/**
 * Makes the modules that run operations inside isolates: for bash the harness, the shell, the template language and zip in one ES
 * module's text; for JavaScript the harness alone. Called by scripts/build.ts; the output is never committed.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeIfChanged } from './write-if-changed.ts';

/** Bundles the bash harness into `outDir`/shell.txt and answers its size in bytes. */
export const buildShell = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/shell.js', join(outDir, 'shell.txt'));

/** Bundles the harness of JavaScript operations into `outDir`/javascript-operation.txt and answers its size in bytes. */
export const buildJavaScriptOperation = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/javascript-operation.js', join(outDir, 'javascript-operation.txt'));

async function bundle(entry: string, file: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    // Only what the isolate itself has may stay outside: modules of the platform, and the user's own.
    external: ['cloudflare:workers', 'node:zlib', './operation.js'],
    alias: { 'just-bash': 'just-bash/browser' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [module] = outputFiles;
  writeIfChanged(file, module!.contents);
  return module!.contents.byteLength;
}
