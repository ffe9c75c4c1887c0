import { existsSync, globSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

/** Folders of tests that have no one source: of documents of other products, of a started service, of the repository itself. */
const OF_NO_SOURCE = ['test/conformance', 'test/local', 'test/repo'];

/** Returns where the sources of a folder of tests may be: in a folder of that name, or in a file. */
const sourcesOf = (folder: string): string[] => {
  const path = folder.replace(/^test\//, '');
  return [`src/${path}`, `src/${path}.ts`, path, path.replace(/^(console|packages\/\w+)\//, '$1/src/')];
};

test('the folders of test/ mirror those of the sources', () => {
  const folders = [...new Set(globSync('test/**/*.test.ts').map(dirname))];
  expect(folders.length).toBeGreaterThan(40);
  const strays = folders.filter(
    (folder) => !OF_NO_SOURCE.some((one) => `${folder}/`.startsWith(`${one}/`)) && !sourcesOf(folder).some(existsSync),
  );
  expect(strays).toEqual([]);
});

test('the name of a test file tells where it runs', () => {
  const named = globSync('test/**/*.{unit,worker,local,browser}.test.ts');
  expect(globSync('test/**/*.test.ts').toSorted()).toEqual(named.toSorted());
});
