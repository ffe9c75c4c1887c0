import { relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { WorkerModule } from './build.ts';

/** Replacements of the modules of Python and of features added with it: the bundle excludes what they import. */
const STUBS: Record<string, string> = {
  'src/runtime/languages/python': `
    const none = () => { throw new Error('this Worker has no Python'); };
    export { none as pythonWorker, none as readFromAssets, none as openAsset };
    export const BOOT_REQUESTS = 0;
    export const pythonVersion = 'none';`,
  'src/runtime/languages/python-check': `export const preparePython = () => { throw new Error('this Worker has no Python'); };`,
  'src/http/instabase/endpoints.routes': `import { Hono } from 'hono'; export const instabaseRoutes = new Hono();`,
  'src/http/admin/tables.routes': 'export const tableRoutes = [];',
  'src/http/admin/rows.routes': 'export const rowRoutes = [];',
};

const withoutPython: Plugin = {
  name: 'without-python',
  setup: (bundling) => {
    bundling.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = relative('.', resolve(resolveDir, path));
      return STUBS[file] === undefined ? undefined : { path: file, namespace: 'stub' };
    });
    bundling.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({
      contents: STUBS[path]!,
      loader: 'js',
      resolveDir: resolve('.'),
    }));
  },
};

/**
 * Bundles the Worker as one module, with or without Python and the features added with it: the Instabase dialect, and the tables' routes
 * with their parsers. wrangler takes no plugins, so both sides of a comparison are bundled here, with wrangler's bundler.
 */
export async function bundleWorker({ python }: { python: boolean }): Promise<WorkerModule[]> {
  const { outputFiles } = await build({
    entryPoints: ['src/worker.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    loader: { '.txt': 'text' },
    plugins: python ? [] : [withoutPython],
    write: false,
    logLevel: 'error',
  });
  return [{ type: 'ESModule', path: 'index.js', contents: outputFiles[0]!.text }];
}
