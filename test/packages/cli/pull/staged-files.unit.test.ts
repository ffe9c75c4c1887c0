import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StagedFiles } from '../../../../packages/cli/src/pull/staged-files.ts';

let folder = '';
let files: StagedFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-'));
  files = new StagedFiles(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const put = (path: string, text: string): void => writeFileSync(join(folder, path), text);

test('of a list, the items that are removed are removed, in any order', () => {
  put('all.endpoint.jsonc', '[\n  "a",\n  "b",\n  "c",\n  "d"\n]\n');
  put('roles.jsonc', '{ "x": {}, "y": {} }\n');
  files.removeValue('all.endpoint.jsonc', [0]);
  files.removeValue('roles.jsonc', ['x']);
  files.removeValue('all.endpoint.jsonc', [3]);
  files.removeValue('all.endpoint.jsonc', [2]);
  files.commit();
  expect(read('all.endpoint.jsonc')).toBe('[\n  "b"\n]\n');
  expect(JSON.parse(read('roles.jsonc'))).toEqual({ y: {} });
});

test('all sides of the service that are beside one file are kept', () => {
  files.writeBeside('roles.jsonc', 'role a', { description: 'A' });
  expect(files.writeBeside('roles.jsonc', 'role b', 'was deleted in the service')).toBe('roles.jsonc.theirs');
  files.commit();
  expect(JSON.parse(read('roles.jsonc.theirs'))).toEqual({
    'role a': { description: 'A' },
    'role b': 'was deleted in the service',
  });
});

test('reads see the changes so far, and the folder none before the commit', () => {
  put('a.js', '1');
  expect(files.readIfAny('a.js')).toBe('1');
  files.remove('a.js');
  files.write('lib/b.js', '2');
  expect([files.readIfAny('a.js'), files.readIfAny('lib/b.js')]).toEqual([undefined, '2']);
  expect(readdirSync(folder)).toEqual(['a.js']);
  files.commit();
  expect(readdirSync(folder, { recursive: true })).toEqual(['lib', 'lib/b.js']);
});

test('a path that a pull does not write refuses all changes, and each such path is named', () => {
  mkdirSync(join(folder, 'handlers'));
  symlinkSync(tmpdir(), join(folder, 'handlers/linked'));
  put('a.js', '1');
  files.remove('a.js');
  for (const path of ['b.js', 'package.json', '../out.js', 'handlers/linked/deep/c.js']) files.write(path, '2');
  expect(() => files.commit()).toThrow(
    /^Nothing was changed\.\n.*package\.json.*\n.*out\.js.*\n.*below handlers\/linked, which is a symbolic link/,
  );
  expect(readdirSync(folder)).toEqual(['a.js', 'handlers']);
});
