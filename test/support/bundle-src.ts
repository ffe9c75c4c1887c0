import { globSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { Plugin } from 'vitest/config';

/** Name under which Vite finds the module that holds all of src. */
const ADDRESS = '/dist/src.js';
const PATH = resolve(`.${ADDRESS}`);
/** Code that runs in isolates of its own, or in a browser: tests that import it load it file by file. */
const ELSEWHERE = ['src/runtime/harness/**', 'src/docs-page/**'];

/** As `wrangler deploy` bundles; packages and texts stay imports, which Vite resolves. */
const COMMON = {
  bundle: true,
  format: 'esm',
  target: 'es2024',
  platform: 'neutral',
  write: false,
  metafile: true,
  outdir: 'dist',
  logLevel: 'warning',
  plugins: [
    {
      name: 'outside',
      setup({ onLoad, onResolve }) {
        onResolve({ filter: /\.txt$/ }, ({ path, resolveDir }) => ({
          path: resolve(resolveDir, path),
          external: true,
        }));
        // One import of a package, however many files have it.
        onResolve({ filter: /^[a-z@]/ }, ({ path, namespace }) =>
          namespace === 'package' ? { path, external: true } : { path, namespace: 'package' },
        );
        onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({ contents: `export * from '${path}';` }));
      },
    },
  ],
} satisfies BuildOptions;

/** The names that each file of src exports, by the file's absolute path. */
async function exportedNames(files: string[]): Promise<Map<string, string[]>> {
  const { metafile } = await build({ ...COMMON, entryPoints: files, splitting: true });
  const entries = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  return new Map(entries.map(({ entryPoint, exports }) => [resolve(entryPoint!), exports]));
}

/** Returns one module for all files: its export `modules` has what each of them exports, by the file's absolute path. */
async function codeOf(files: string[]): Promise<string> {
  // The Worker comes first: modules are evaluated in the order of production, whatever a test imports.
  const imports = ['src/worker.ts', ...files].map((file, n) => `import * as file${n} from './${file}';`);
  const modules = files.map((file, n) => `${JSON.stringify(resolve(file))}: file${n + 1},`);
  const contents = [...imports, 'export const modules = {', ...modules, '};'].join('\n');
  const { outputFiles } = await build({ ...COMMON, stdin: { contents, resolveDir: '.' } });
  return outputFiles[0]!.text;
}

interface Bundle {
  names: Map<string, string[]>;
  code: string;
}

async function bundle(): Promise<Bundle> {
  const files = globSync('src/**/*.ts', { exclude: ELSEWHERE }).toSorted();
  const [names, code] = await Promise.all([exportedNames(files), codeOf(files)]);
  // To look lines of stack traces up in: Vite adds a line above for each import.
  writeFileSync(PATH, '\n'.repeat(code.match(/^import /gm)!.length) + code);
  return { names, code };
}

/** The same for all projects; undefined after a change. */
let bundled: Promise<Bundle> | undefined;

/**
 * Makes src one module for tests in workerd. Every import of a file costs a trip through a Durable Object, and every test file loads all of
 * src again: file by file, that would be most of its work. A file of src becomes a re-export from that module.
 */
export function bundleSrc(): Plugin {
  return {
    name: 'bundle-src',
    enforce: 'pre',
    // Vitest keeps modules from run to run by their own text, and would not see a change of another file of src.
    configureVitest: ({ defineCacheKeyGenerator }) =>
      defineCacheKeyGenerator(({ id }) => (id === PATH || id.startsWith(resolve('src')) ? false : undefined)),
    watchChange: () => void (bundled = undefined),
    // A map of the bundle, and of each package, would be sent to every workerd beside its code, and be twice as large.
    transform: {
      order: 'post',
      handler: (code, id) => (id === PATH || id.includes('/deps_ssr/') ? { code, map: { mappings: '' } } : null),
    },
    resolveId: (id) => (id === ADDRESS || id === PATH ? PATH : null),
    async load(id) {
      if (id !== PATH && !id.startsWith(resolve('src'))) return null;
      const { names, code } = await (bundled ??= bundle());
      if (id !== PATH) return names.has(id) ? reExport(id, names.get(id)!) : null;
      for (const file of names.keys()) this.addWatchFile(file);
      return code;
    },
  };
}

function reExport(file: string, names: string[]): string {
  const exports = names.map((name) => `export ${name === 'default' ? 'default' : `const ${name} =`} file.${name};`);
  return [`import { modules } from '${ADDRESS}';`, `const file = modules[${JSON.stringify(file)}];`, ...exports].join(
    '\n',
  );
}
