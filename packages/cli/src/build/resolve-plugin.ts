import { builtinModules } from 'node:module';
import { extname } from 'node:path';
import type { Loader, PartialMessage, Plugin } from 'esbuild';
import { isProvided, renderUnprovided } from '../../../../src/core/code/imports.rules.ts';
import type { FileIssue } from '../project/jsonc.ts';
import { readText } from '../project/read-text.ts';

/** How files of a project are read, by their endings; those with other endings cannot be imported. */
const LOADERS: Record<string, Loader> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
  '.txt': 'text',
  '.html': 'text',
  '.css': 'text',
  '.sql': 'text',
  '.md': 'text',
  '.svg': 'text',
  '.csv': 'text',
};

const isBuiltin = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);
const withPrefix = (name: string): string => (name.startsWith('node:') ? name : `node:${name}`);
export const isInPackage = (path: string): boolean => /(?:^|[\\/])node_modules[\\/]/.test(path);

/**
 * Makes imports of what the runtime provides stay imports, refuses modules of Node that it does not have, and reads the files of the project
 * in normal form. `texts` gets these, by their absolute paths.
 */
export function resolvePlugin(folder: string, relative: (path: string) => string, texts: Map<string, string>): Plugin {
  return {
    name: 'portico',
    setup: (build) => {
      build.onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) => {
        if (isBuiltin(path) && !isProvided(path)) return { errors: [{ text: renderUnprovided(withPrefix(path)) }] };
        if (!isProvided(path)) return undefined;
        // CommonJS gets what a module of Node exports by default, as in Node; there is no require() in the runtime.
        if (isBuiltin(path) && kind === 'require-call') return { path: withPrefix(path), namespace: 'required' };
        return { path: isBuiltin(path) ? withPrefix(path) : path, external: true };
      });
      build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(`provided:${path}`)}).default;`,
      }));
      build.onResolve({ filter: /^provided:/ }, ({ path }) => ({ path: path.slice(9), namespace: 'provided' }));
      build.onLoad({ filter: /./, namespace: 'provided' }, ({ path }) => ({
        contents: `export { default } from ${JSON.stringify(path)};`,
      }));
      build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) => {
        if (isInPackage(path)) return undefined;
        const name = relative(path);
        const loader = LOADERS[extname(path)];
        if (name.startsWith('../')) return { errors: [{ text: `${name} is outside of the project` }] };
        if (loader === undefined)
          return {
            errors: [{ text: `files such as ${name} cannot be imported, only ${Object.keys(LOADERS).join(' ')}` }],
          };
        const read = readText(folder, name);
        if ('fileIssue' in read) return { errors: [toMessage(read.fileIssue)] };
        texts.set(name, read.text);
        return { contents: read.text, loader };
      });
    },
  };
}

const toMessage = ({ file, line, column, message }: FileIssue): PartialMessage => ({
  text: message,
  location: { file, line, column: column - 1 },
});
