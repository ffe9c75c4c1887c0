/**
 * Makes the modules that run operations inside isolates: for bash the harness, the shell, the template language and zip in one ES
 * module's text; for JavaScript the harness alone. Called by scripts/build.ts; the output is never committed.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeIfChanged } from './write-if-changed.ts';

/** What the shell tells of commands that its browser build lacks. It means nothing to whoever wrote the script. */
const NOT_IN_BROWSERS =
  /command not available in browser environments\. Exclude '\$\{\w+\}' from your commands or use the Node\.js bundle\./;

/** Bundles the bash harness into `outDir`/shell.txt and answers its size in bytes. */
export const buildShell = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/shell.js', join(outDir, 'shell.txt'), (text) => {
    if (!NOT_IN_BROWSERS.test(text)) throw new Error('just-bash words a missing command in another way now');
    return text.replace(NOT_IN_BROWSERS, 'command not found');
  });

/** Bundles the harness of JavaScript operations into `outDir`/javascript-operation.txt and answers its size in bytes. */
export const buildJavaScriptOperation = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/javascript-operation.js', join(outDir, 'javascript-operation.txt'));

async function bundle(entry: string, file: string, edit = (text: string): string => text): Promise<number> {
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
  const text = edit(outputFiles[0]!.text);
  writeIfChanged(file, text);
  return Buffer.byteLength(text);
}
