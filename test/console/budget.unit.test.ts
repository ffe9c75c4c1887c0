import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
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
/** What is loaded once a user has signed in. */
const inside = new Set([...first, ...filesOf('src/console.tsx')]);

/** Budgets of single screens, in KiB, where one needs more than others. */
const OWN: Record<string, number> = { 'src/features/graph/graph-canvas.tsx': 85 };
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
      const own = [...filesOf(name)].filter((file) => !inside.has(file));
      expect(bytesOf(own)).toBeLessThan((OWN[name] ?? USUAL) * KB);
    },
  );
});
