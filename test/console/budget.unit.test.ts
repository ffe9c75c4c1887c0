import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

/* The bytes that a browser gets, by the manifest of the build: `node scripts/build.ts` makes both. */

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  isEntry?: boolean;
  isDynamicEntry?: boolean;
}

const KB = 1024;
const manifest = JSON.parse(readFileSync('dist/console.manifest.json', 'utf8')) as Record<string, Chunk>;
const sizes = new Map<string, number>();
const gzipped = (file: string): number => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(`dist/assets/console/${file}`), { level: 9 }).length);
  return sizes.get(file)!;
};

/** The files that a chunk needs, its own included. */
function filesOf(name: string, found: Set<string> = new Set()): Set<string> {
  const { file, imports = [], css = [] } = manifest[name]!;
  if (found.has(file)) return found;
  for (const one of [file, ...css]) found.add(one);
  for (const one of imports) filesOf(one, found);
  return found;
}
const bytesOf = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + gzipped(file), 0);

const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!;
const first = filesOf(entry);
/** Files that load after a user has signed in. */
const inside = new Set([...first, ...filesOf('src/console.tsx')]);

/** Budgets of single screens, in KiB, where one needs more than others. */
const OWN: Record<string, number> = {
  'src/features/graph/graph-canvas.tsx': 85,
  '../src/core/workflow/check/check.rules.ts': 85,
  'src/editor/code-editor.tsx': 175,
  'src/editor/diff-view.tsx': 175,
  // With parts of the kit that it shares with others.
  'src/features/workflow/edit-workflow.tsx': 40,
  'src/features/endpoint/list-endpoints.tsx': 35,
  'src/features/run/list-runs.tsx': 35,
  'src/features/handler/resolve-conflict.tsx': 175,
};
/** Parts that a screen loads later: what it has by then is not theirs. */
const WITHIN: Record<string, string> = {
  'src/features/endpoint/edit-access.tsx': 'src/features/endpoint/show-endpoint.tsx',
  'src/features/parameter/edit-parameters.tsx': 'src/features/endpoint/show-endpoint.tsx',
  'src/features/handler/compare-versions.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/handler/edit-handler.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/handler/handler-uses.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/handler/list-versions.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/handler/read-version.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/workflow/edit-workflow.tsx': 'src/features/handler/show-handler.tsx',
  'src/features/workflow/pick-binding.tsx': 'src/features/workflow/edit-workflow.tsx',
};
/** Of the packages of the editor: each comes with what the editor has already. */
const GRAMMAR = /@codemirror\/lang-/;

const USUAL = 30;

describe('the console', () => {
  it('has a first load of at most 130 KiB of scripts, and 150 KiB in all', () => {
    expect(bytesOf([...first].filter((file) => file.endsWith('.js')))).toBeLessThan(130 * KB);
    expect(bytesOf(first)).toBeLessThan(150 * KB);
  });

  it('has at most 90 KiB more behind the sign-in', () => {
    expect(bytesOf(inside) - bytesOf(first)).toBeLessThan(90 * KB);
  });

  it.each(Object.keys(manifest).filter((name) => manifest[name]!.isDynamicEntry && name !== 'src/console.tsx'))(
    '%s keeps its budget',
    (name) => {
      const screen = WITHIN[name];
      const before = new Set([...inside, ...(screen === undefined ? [] : filesOf(screen))]);
      const own = [...filesOf(name)].filter((file) => !before.has(file));
      expect(bytesOf(own)).toBeLessThan((OWN[name] ?? (GRAMMAR.test(name) ? 175 : USUAL)) * KB);
    },
  );

  it('has a compiler of at most 900 KiB in brotli, which a source of JavaScript or TypeScript alone loads', () => {
    const files = readdirSync('dist/assets/console/assets').filter((file) => file.startsWith('typescript-'));
    expect(files).toHaveLength(1);
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    expect(brotliCompressSync(readFileSync(`dist/assets/console/assets/${files[0]!}`), options).length).toBeLessThan(
      900 * KB,
    );
  });
});
