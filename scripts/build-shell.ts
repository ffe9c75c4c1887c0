/**
 * Makes the module that runs bash operations inside an isolate: the harness, the shell, the template language and zip in one ES
 * module's text. Called by scripts/build.ts; the output is never committed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The file that `buildShell` leaves in its folder. */
export const SHELL_FILE = 'shell.txt';

/** Bundles src/runtime/harness/shell.js into `outDir`/shell.txt and answers its size in bytes. */
export async function buildShell(outDir: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: ['src/runtime/harness/shell.js'],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    // Only what the isolate itself has (nodejs_compat) may stay outside: it has no files to import from.
    external: ['cloudflare:workers', 'node:zlib'],
    alias: { 'just-bash': 'just-bash/browser' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [module] = outputFiles;
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, SHELL_FILE), module!.contents);
  return module!.contents.byteLength;
}
