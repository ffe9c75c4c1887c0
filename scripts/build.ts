/**
 * Builds the files that the Worker contains as text: the harness of the isolates, the libraries that handlers may import, the pages for
 * browsers, and the console. Run by wrangler before every build, and by `npm test`. Output goes to dist/ and is never committed.
 */
import { createHash } from 'node:crypto';
import { build, type BuildOptions } from 'esbuild';
import { refusePlainDeploy } from './deploy/guard.ts';
import { buildConsole } from './build-console.ts';
import { buildPages } from './build-pages.ts';
import { buildPython } from './build-python.ts';
import { buildJavaScriptOperation, buildShell } from './build-shell.ts';
import { writeIfChanged } from './write-if-changed.ts';
import { LIBRARIES } from '../src/core/code/libraries.ts';

refusePlainDeploy();

const common: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'es2024',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['worker', 'import', 'default'],
  write: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Bundles the JavaScript harness into one module. */
async function buildHarness(): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/runtime/harness/javascript/main.ts'],
    external: ['cloudflare:workers', 'node:async_hooks', './handler.js'],
  });
  return outputFiles![0]!.text;
}

/** The imports of compiled workflows, as one module; it joins an isolate only where a workflow runs. */
async function buildWorkflowHarness(): Promise<string> {
  const { outputFiles } = await build({ ...common, entryPoints: ['src/runtime/harness/workflow/main.ts'] });
  return outputFiles![0]!.text;
}

/**
 * Bundles the libraries, split so that code shared by two of them is one module: `instanceof HTTPException` must hold across them.
 * Returns the module texts by name, and for each specifier the names of its modules.
 */
async function buildLibraries(): Promise<{ modules: Record<string, string>; needs: Record<string, string[]> }> {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: LIBRARIES.map((specifier) => ({ in: specifier, out: specifier })),
    external: ['cloudflare:workers', 'node:async_hooks'],
    splitting: true,
    minify: true,
    keepNames: true,
    metafile: true,
    outdir: 'dist/libraries',
    chunkNames: 'chunk-[hash]',
  });
  const root = `${process.cwd()}/dist/libraries/`;
  const nameOf = (path: string): string => {
    const file = path.replace(root, '').replace('dist/libraries/', '');
    const specifier = file.replace(/\.js$/, '');
    return (LIBRARIES as readonly string[]).includes(specifier) ? specifier : file;
  };
  const modules = Object.fromEntries(outputFiles!.map((file) => [nameOf(file.path), file.text]));
  const imports = new Map(
    Object.entries(metafile!.outputs).map(([path, output]) => [
      nameOf(path),
      output.imports.filter((i) => !i.external).map((i) => nameOf(i.path)),
    ]),
  );
  const needs = Object.fromEntries(LIBRARIES.map((specifier) => [specifier, [...closure(specifier, imports)].sort()]));
  return { modules, needs };
}

function closure(name: string, imports: Map<string, string[]>, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of imports.get(name) ?? []) closure(next, imports, seen);
  return seen;
}

const [harness, workflow, libraries] = await Promise.all([
  buildHarness(),
  buildWorkflowHarness(),
  buildLibraries(),
  buildShell('dist/harness'),
  buildJavaScriptOperation('dist/harness'),
  buildPython('dist'),
]);
const librariesText = JSON.stringify(libraries);
const version = createHash('sha256').update(harness).update(workflow).update(librariesText).digest('hex').slice(0, 16);
writeIfChanged('dist/harness/javascript.txt', harness);
writeIfChanged('dist/harness/workflow.txt', workflow);
writeIfChanged('dist/harness/libraries.txt', librariesText);
writeIfChanged('dist/harness/version.txt', version);
buildPages();
await buildConsole((line) => console.log(line));
