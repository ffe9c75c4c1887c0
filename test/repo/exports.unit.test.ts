import { expect, test } from 'vitest';

const sources = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Code for isolates, which is bundled apart: each language has its own `call`, each template its own `handler`. */
const isForIsolates = (path: string): boolean => /\/runtime\/harness\/|\/templates\/built-in\/|\.d\.ts$/.test(path);

const EXPORT =
  /^export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type|enum) +([A-Za-z_$][\w$]*)/gm;

/** Returns the files that export each name. A value and its type in one file are one name. */
function exportsByName(files: Record<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, text] of Object.entries(files)) {
    const names = new Set(Array.from(text.matchAll(EXPORT), ([, name]) => name!));
    for (const name of names) found.set(name, [...(found.get(name) ?? []), path.replace('../../src/', '')]);
  }
  return found;
}

const repeated = (files: Record<string, string>): [string, string[]][] =>
  [...exportsByName(files)].filter(([, paths]) => paths.length > 1);

test('an exported name means one thing: one file of src/ exports it', () => {
  const files = Object.fromEntries(Object.entries(sources).filter(([path]) => !isForIsolates(path)));
  expect(exportsByName(files).size).toBeGreaterThan(1000);
  expect(repeated(files)).toEqual([]);
});

test('finds a name that two files export, and not a type beside its value', () => {
  const value = 'export const Key = z.object({});\nexport type Key = z.infer<typeof Key>;\n';
  expect(repeated({ '../../src/a.ts': value })).toEqual([]);
  expect(repeated({ '../../src/a.ts': value, '../../src/b.ts': 'export interface Key {}\n' })).toEqual([
    ['Key', ['a.ts', 'b.ts']],
  ]);
  expect(repeated({ a: 'export async function run() {}\n', b: 'export const run = 1;\n' })).toHaveLength(1);
});
