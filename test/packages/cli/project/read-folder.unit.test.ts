import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProject, targetOf } from '../../../../packages/cli/src/project/find-project.ts';
import { renderFileIssues } from '../../../../packages/cli/src/project/jsonc.ts';
import { readFolder, type FolderObject } from '../../../../packages/cli/src/project/read-folder.ts';
import { issueIn, readText } from '../../../../packages/cli/src/project/read-text.ts';
import { generateKey, generateValue } from '../../../../src/core/identity/keys/key-value.rules';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'portico-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const PROJECT = `{
  "project": "shop",
  "targets": {
    "local": { "url": "http://127.0.0.1:8787" },
    "production": { "url": "https://api.example.com", "executor": "svc", "names": { "users": { "svc": "svc-prod" }, "keys": { "shop": "shop-live" } } }
  },
  "default": "local"
}`;

function write(files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries({ 'portico.jsonc': PROJECT, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
function read(files: Record<string, string | Uint8Array>, target?: string) {
  write(files);
  return readFolder(folder, targetOf(findProject(folder), target));
}
const labels = (objects: FolderObject[]): string[] => objects.map(({ kind, identity }) => `${kind} ${identity}`);
const fileIssues = (files: Record<string, string | Uint8Array>): string => renderFileIssues(read(files).fileIssues);
const QUOTE = 'export default () => 1\n';

describe('readFolder', () => {
  test('takes the outermost folder with an index for one handler, but not the folder of all handlers', () => {
    const { objects } = read({
      'handlers/index.ts': QUOTE,
      'handlers/a.ts': QUOTE,
      'handlers/shop/index.ts': QUOTE,
      'handlers/shop/index.js': QUOTE,
      'handlers/shop/deep/index.ts': QUOTE,
      'handlers/shop/deep/x.table.jsonc': '{"name":"x","columns":[]}',
      'handlers/shop/deep/note.txt': 'note',
    });
    expect(labels(objects)).toEqual(['handler a.ts', 'handler index.ts', 'table public.x', 'handler shop/index.ts']);
    const shop = objects.find(({ identity }) => identity === 'shop/index.ts')!;
    expect(Object.keys(shop.parts!).toSorted()).toEqual([
      'handlers/shop/deep/index.ts',
      'handlers/shop/deep/note.txt',
      'handlers/shop/index.js',
      'handlers/shop/index.ts',
    ]);
  });

  test('takes no name for one that every object of JavaScript has', () => {
    const { objects, fileIssues: none } = read(
      {
        constructor: 'a file',
        'keys.jsonc': '{"toString":{}}',
        'handlers/q.ts': QUOTE,
        'handlers/q.endpoint.jsonc': '{"path":"q","executor":"valueOf"}',
      },
      'production',
    );
    expect(none).toEqual([]);
    expect(labels(objects)).toEqual(['endpoint POST q', 'handler q.ts', 'key toString']);
    expect(objects[0]!.document).toMatchObject({ executor: 'valueOf' });
  });

  test('reads every kind of object, by what the files contain', () => {
    const { objects, fileIssues: none } = read({
      'handlers/pricing/quote.ts': QUOTE,
      'handlers/pricing/quote.endpoint.jsonc': '[{"path":"quote"},{"path":"quote","methods":["GET"]}] // two',
      'handlers/mit Ümlaut.js': QUOTE,
      'handlers/types.d.ts': 'declare const x: 1',
      'tables/orders.table.jsonc': '{"schema":"shop","name":"orders","columns":[]}',
      'roles.jsonc': '{"$schema":"x","buyer":{"description":"May order"}}',
      'keys.jsonc': '{"shop":{}}',
      'secrets.jsonc': '{"STRIPE_KEY":{}}',
      'node_modules/x/handlers/a.ts': QUOTE,
      'lib/money.ts': QUOTE,
    });
    expect(none).toEqual([]);
    expect(labels(objects)).toEqual([
      'handler mit Ümlaut.js',
      'endpoint POST quote',
      'endpoint GET quote',
      'handler pricing/quote.ts',
      'key shop',
      'role buyer',
      'secret STRIPE_KEY',
      'table shop.orders',
    ]);
    expect(objects[1]!.document).toEqual({ path: 'quote', handler: 'pricing/quote.ts' });
  });

  test('applies what a target has differently: differences, executor, names', () => {
    const files = {
      'handlers/a.ts': QUOTE,
      'handlers/a.endpoint.jsonc':
        '{"path":"a","title":"A","access":{"level":"key","keys":["shop"]},"on":{"production":{"title":null,"egress":["b.example.com"]}}}',
      'keys.jsonc': '{"shop":{}}',
    };
    const { objects } = read(files, 'production');
    expect(objects.find(({ kind }) => kind === 'endpoint')!.document).toEqual({
      path: 'a',
      handler: 'a.ts',
      executor: 'svc-prod',
      access: { level: 'key', keys: ['shop-live'] },
      egress: ['b.example.com'],
    });
    expect(labels(objects)).toContain('key shop-live');
    expect(read(files).objects.find(({ kind }) => kind === 'endpoint')!.document).toMatchObject({ title: 'A' });
  });

  test('a byte order mark, line ends, comments and the order of fields are no change', () => {
    const one = read({
      'handlers/a.js': '\uFEFFexport default () => {\r\n  return 1;\r\n}\r\n',
      'handlers/a.endpoint.jsonc': '\uFEFF{"path":"a",\r\n"title":"A"}',
    });
    const other = read({
      'handlers/a.js': 'export default () => {\n  return 1;\n}\n',
      'handlers/a.endpoint.jsonc': '{ /* why */ "title": "A", "path": "a", }',
    });
    expect(other.fileIssues).toEqual([]);
    expect(other.objects.map(({ sha256 }) => sha256)).toEqual(one.objects.map(({ sha256 }) => sha256));
  });
});

describe('issues of files', () => {
  test.each([
    ['a syntax error', { 'roles.jsonc': '{\n  "buyer" {}\n}' }, 'roles.jsonc:2:11  a colon is expected'],
    ['an empty file', { 'roles.jsonc': '' }, 'roles.jsonc:1:1  a value is expected'],
    [
      'a field that is there twice',
      { 'roles.jsonc': '{\n "a": {},\n "a": {}\n}' },
      'roles.jsonc:3:2  the field "a" is there twice',
    ],
    [
      'a number that would be rounded',
      { 'handlers/a.js': QUOTE, 'handlers/a.endpoint.jsonc': '{ "path": "a", "title": 9007199254740993 }' },
      'handlers/a.endpoint.jsonc:1:25  the number would be rounded: write it as text',
    ],
    [
      'an unknown field, with the nearest',
      { 'handlers/a.js': QUOTE, 'handlers/a.endpoint.jsonc': '{\n  "path": "a",\n  "tilte": "A"\n}' },
      'handlers/a.endpoint.jsonc:3:3  unknown field tilte. Did you mean title?',
    ],
    [
      'an unknown field inside of another',
      { 'handlers/a.js': QUOTE, 'handlers/a.endpoint.jsonc': '{\n  "path": "a",\n  "access": { "keyz": [] }\n}' },
      'handlers/a.endpoint.jsonc:3:15  unknown field keyz. Did you mean keys?',
    ],
    [
      'a value of the wrong type',
      { 'handlers/a.js': QUOTE, 'handlers/a.endpoint.jsonc': '{\n  "path": "a",\n  "limits": { "timeoutMs": "5" }\n}' },
      'handlers/a.endpoint.jsonc:3:28  limits.timeoutMs must be a number',
    ],
    [
      'a value of the differences of the target',
      {
        'handlers/a.js': QUOTE,
        'handlers/a.endpoint.jsonc': '{"path":"a",\n"title":"A",\n"on":{"local":{"title":5}}}',
      },
      'handlers/a.endpoint.jsonc:3:24  title must be text',
    ],
    [
      'an endpoint without a source',
      { 'handlers/a.endpoint.jsonc': '{"path":"a"}' },
      'handlers/a.endpoint.jsonc:1:1  handler is required: there is no source beside this file',
    ],
    [
      'bytes that are not UTF-8',
      { 'handlers/a.js': new Uint8Array([0x61, 0xff]) },
      'handlers/a.js:1:1  is not UTF-8 text',
    ],
    [
      'a source that is too large',
      { 'handlers/a.js': 'x'.repeat(1_048_577) },
      'handlers/a.js:1:1  is larger than 1048576 bytes',
    ],
    [
      'the value of a key',
      { 'handlers/a.js': `//\nconst k = '${generateKey()}'` },
      'handlers/a.js:2:12  contains the value of a key or token. Remove it, and revoke it',
    ],
    [
      'the value of a personal token',
      { 'secrets.jsonc': `{ "A": { "description": "${generateValue('ptc_')}" } }` },
      'secrets.jsonc:1:26  contains the value of a key or token. Remove it, and revoke it',
    ],
    [
      'two objects of one identity',
      { 'tables/a.table.jsonc': '{"name":"a"}', 'tables/b.table.jsonc': '\n{"schema":"public","name":"a"}' },
      'tables/b.table.jsonc:2:1  table public.a is also in tables/a.table.jsonc',
    ],
    ['a list where an object belongs', { 'keys.jsonc': '[]' }, 'keys.jsonc:1:1  must be an object'],
  ])('%s', (_name, files, expected) => {
    expect(fileIssues(files as Record<string, string>)).toBe(expected);
  });

  test('a symbolic link is not followed', () => {
    write({});
    mkdirSync(join(folder, 'handlers'));
    symlinkSync('/etc/hostname', join(folder, 'handlers/a.js'));
    expect(fileIssues({})).toBe('handlers/a.js:1:1  is a symbolic link, which portico does not follow');
  });

  test('every issue of every file is found', () => {
    expect(
      fileIssues({ 'roles.jsonc': '{,}', 'keys.jsonc': '{"a": 5}', 'tables/x.table.jsonc': '{}' }).split('\n').length,
    ).toBeGreaterThan(2);
  });
});

describe('portico.jsonc', () => {
  test('an issue has its line, and a misspelled field the nearest', () => {
    write({
      'portico.jsonc': '{\n  "project": "shop",\n  "targets": { "local": { "url": "x" } },\n  "defualt": "local"\n}',
    });
    expect(() => findProject(folder)).toThrow(
      /portico\.jsonc:3:34 {2}targets\.local\.url must be .*\nportico\.jsonc:4:3 {2}unknown field defualt\. Did you mean default\?/,
    );
  });

  test('an unknown target is refused with the names of the others', () => {
    write({});
    expect(() => targetOf(findProject(folder), 'prod')).toThrow('has no target prod, only local, production');
    expect(() => targetOf(findProject(folder), 'constructor')).toThrow('has no target constructor');
    expect(targetOf(findProject(join(folder, 'handlers')), undefined).name).toBe('local');
  });
});

test('readText has an issue for a file that was removed after it was listed', () => {
  const fileIssue = issueIn('handlers/gone.js', 'was removed while the folder was read');
  expect(readText(folder, 'handlers/gone.js')).toEqual({ fileIssue });
});
