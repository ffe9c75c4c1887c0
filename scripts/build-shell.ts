/**
 * Builds the modules that run operations inside isolates: for bash the harness, the shell and zip as the text of one ES module; for
 * JavaScript the harness alone. Called by scripts/build.ts; the output is never committed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { writeIfChanged } from './write-if-changed.ts';

/** Bundles the bash harness into `outDir`/shell.txt. Returns its size in bytes. */
export const buildShell = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/shell.js', join(outDir, 'shell.txt'), [ownShell]);

/** Bundles the harness of JavaScript operations into `outDir`/javascript-operation.txt. Returns its size in bytes. */
export const buildJavaScriptOperation = (outDir: string): Promise<number> =>
  bundle('src/runtime/harness/javascript-operation.js', join(outDir, 'javascript-operation.txt'));

/** Changes of the shell for which it has no setting. The build fails when it no longer contains one of these texts. */
const CHANGES: [what: RegExp, instead: string][] = [
  // Advice for the shell's host does not help the author of a script.
  [
    /command not available in browser environments\. Exclude '\$\{\w+\}' from your commands or use the Node\.js bundle\./g,
    'command not found',
  ],
  [/, increase executionLimits\.\w+/g, ''],
  // See src/runtime/harness/shell-live.js.
  [
    /async executeStatement\(/g,
    `async executeStatement(statement) {
      let result;
      try {
        result = await this.executeStatementItself(statement);
      } catch (error) {
        await afterStatement(statement, error);
        throw error;
      }
      await afterStatement(statement, result);
      return result;
    }
    async executeStatementItself(`,
  ],
];

const ownShell: Plugin = {
  name: 'own-shell',
  setup({ onLoad }) {
    onLoad({ filter: /just-bash\/dist\/bundle\/browser\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [what, instead] of CHANGES) {
        const changed = contents.replace(what, () => instead);
        if (changed === contents) throw new Error(`just-bash has ${what.source} no more`);
        contents = changed;
      }
      const live = join(import.meta.dirname, '../src/runtime/harness/shell-live.js');
      return { contents: `import { afterStatement } from ${JSON.stringify(live)};\n${contents}`, loader: 'js' };
    });
  },
};

async function bundle(entry: string, file: string, plugins: Plugin[] = []): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    // Only modules of the isolate stay external: the platform's, and the user's own.
    external: ['cloudflare:workers', 'node:zlib', './operation.js'],
    alias: { 'just-bash': 'just-bash/browser' },
    plugins,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [module] = outputFiles;
  writeIfChanged(file, module!.contents);
  return module!.contents.byteLength;
}
