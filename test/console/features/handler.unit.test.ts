import {
  fromFolders,
  toEntries,
  toFolders,
  type Entry,
} from '../../../console/src/features/handler/handler-tree.rules.ts';
import { expect, test } from 'vitest';
import { lineEndOf, toLineFeeds, withLineEnd } from '../../../console/src/editor/line-ends.rules.ts';
import { versionBefore } from '../../../console/src/features/handler/served.rules.ts';
import { changedFiles, fileAt, filesOf, languageOfFile } from '../../../console/src/features/handler/files.rules.ts';

const version = (files: Record<string, string> | null) =>
  ({
    source: 'entry',
    files: files && Object.entries(files).map(([path, source]) => ({ path, source })),
  }) as Parameters<typeof filesOf>[1];

test('the entry is shown unless the address names another file that is there', () => {
  const files = filesOf('shop/a.ts', version({ 'handlers/shop/a.ts': 'a', 'lib/b.ts': 'b' }));
  expect(fileAt(files, 'lib/b.ts', 'shop/a.ts').source).toBe('b');
  expect(fileAt(files, 'lib/gone.ts', 'shop/a.ts').source).toBe('a');
  expect(fileAt(files, undefined, 'shop/a.ts').source).toBe('a');
  expect(filesOf('shop/a.ts', version(null))).toEqual([{ path: 'handlers/shop/a.ts', source: 'entry' }]);
});

test('files that differ between versions are named with what became of them', () => {
  const [before, after] = [
    filesOf('a.ts', version({ 'handlers/a.ts': '1', 'lib/old.ts': 'x', 'lib/same.ts': 's' })),
    filesOf('a.ts', version({ 'handlers/a.ts': '2', 'lib/new.ts': '', 'lib/same.ts': 's' })),
  ];
  expect(changedFiles(before, after).map(({ path, change }) => `${change} ${path}`)).toEqual([
    'changed handlers/a.ts',
    'added lib/new.ts',
    'removed lib/old.ts',
  ]);
});

test.each([
  ['a.tsx', 'typescript'],
  ['a.d.ts', 'typescript'],
  ['rate.json', 'json'],
  ['a.py', 'python'],
  ['a.mjs', 'javascript'],
  ['page.html', 'text'],
])('%s opens as %s', (path, language) => {
  expect(languageOfFile(path)).toBe(language);
});

test('the tree puts handlers into the folders of their paths, and leaves closed what the service did not list', () => {
  const handler = (path: string) =>
    ({ kind: 'handler', handler: { id: path, path } }) as Parameters<typeof toEntries>[0][0];
  const drawn = (entries: readonly Entry[]): unknown[] =>
    entries.map((entry) =>
      entry.kind === 'handler' ? entry.name : [entry.name, entry.handlers, entry.entries && drawn(entry.entries)],
    );
  const all = ['a.js', 'shop/b.js', 'shop/eu/c.js', 'shop/eu/d.js'].map(handler);
  expect(drawn(toEntries(all, ''))).toEqual([['shop/', 3, [['eu/', 2, ['c.js', 'd.js']], 'b.js']], 'a.js']);
  expect(
    drawn(toEntries([{ kind: 'folder', path: 'shop/eu/', handlers: 900 }, handler('shop/b.js')], 'shop/')),
  ).toEqual([['eu/', 900, null], 'b.js']);
});

test('folders of any name keep in an address', () => {
  const folders = ['a/', 'b, c/', '100%/', '%2C/'];
  expect(toFolders(fromFolders(folders))).toEqual(folders);
  expect(toFolders(undefined)).toEqual([]);
});

test.each(['', 'one line', 'a\nb\n', 'a\r\n\r\nb', '\r\n', 'a\rb'])(
  'a source with any ends of lines comes back from the editor as it was: %j',
  (source) => {
    const held = toLineFeeds(source);
    expect(held).not.toContain('\r');
    expect(withLineEnd(held, lineEndOf(source))).toBe(source);
  },
);

test('a source with several ends of lines gets that of its first line', () => {
  const source = 'a\r\nb\nc\rd';
  expect(withLineEnd(toLineFeeds(source), lineEndOf(source))).toBe('a\r\nb\r\nc\r\nd');
});

test('the way back leads to the newest version that is older than the served one', () => {
  const versions = [5, 4, 2, 1].map((version) => ({ version }));
  expect([4, 5, 2, 1, null].map((defaultVersion) => versionBefore({ defaultVersion }, versions)?.version)).toEqual([
    2,
    4,
    1,
    undefined,
    undefined,
  ]);
});
