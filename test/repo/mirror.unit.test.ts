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

/** Unit tests of a rule that several files of their folder have in common. */
const OF_MANY_SOURCES = [
  'test/console/budget',
  'test/console/editor/compiler',
  'test/console/kit/kit',
  'test/console/layer-order',
  'test/core/publishing/endpoints/guide',
  'test/core/runs/secrets',
  'test/core/tables/catalogue/table',
  'test/http/admin/settable',
  'test/kernel/swr-cache-outage',
  'test/packages/cli/push/two-people',
  'test/packages/cli/service/interrupted',
  'test/runtime/languages/prepare',
  'test/scripts/deploy/commands',
  'test/scripts/python/resolve',
  'test/scripts/python/wheel',
];

test('a unit test has the name of its source, or of the folder of its sources', () => {
  const isNamed = (test: string): boolean =>
    sourcesOf(test).some((path) => [path, `${path}.ts`, `${path}.tsx`, `${path}.js`].some((file) => existsSync(file)));
  const tests = globSync('test/**/*.unit.test.ts')
    .map((file) => file.replace(/\.unit\.test\.ts$/, ''))
    .filter((file) => !OF_NO_SOURCE.some((one) => file.startsWith(`${one}/`)));
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter((file) => !isNamed(file)).toSorted()).toEqual(OF_MANY_SOURCES);
});

test('the name of a test file tells where it runs', () => {
  const named = globSync('test/**/*.{unit,worker,local,browser}.test.ts');
  expect(globSync('test/**/*.test.ts').toSorted()).toEqual(named.toSorted());
});
