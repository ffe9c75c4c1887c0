import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FILE_TYPES, type FileType, fileType } from '../../../src/core/file/file-type.rules';
import { indentJson } from '../../../src/core/file/indent-json.rules';
import { PREVIEW_BYTES, previewFile } from '../../../src/core/file/preview-file.rules';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (type: FileType, content: string | Uint8Array, url = '/r/1') => {
  const preview = previewFile(type, typeof content === 'string' ? bytes(content) : content, url);
  return preview.kind === 'html' ? preview.html : `refused: ${preview.message}`;
};
const EVIL = '<script>alert("1")</script>&';
const SAFE = '&lt;script&gt;alert("1")&lt;/script&gt;&amp;';

describe('nothing of a file is markup', () => {
  it.each<[FileType, string]>([
    ['file', `<pre>${SAFE}</pre>`],
    ['executable', `<pre>${SAFE}</pre>`],
    [
      'csv',
      `<table class="preview-table"><tr class="preview-table-row-even"><td class="preview-table-col">${SAFE}</td></tr></table>`,
    ],
    ['json', 'Failed to parse json: Expecting value: line 1 column 1 (char 0)'],
  ])('%s', (type, html) => expect(shown(type, EVIL)).toBe(html));
  it('json', () =>
    expect(shown('json', JSON.stringify([EVIL]))).toBe(`<pre>[\n  "${SAFE.replaceAll('"', '\\"')}"\n]</pre>`));
  it('directory', () => expect(shown('directory', zipSync({ [EVIL]: bytes('') }))).toBe(`<pre>${SAFE}</pre>`));
  it('a URL', () => expect(shown('image', '', '/r/"><script>')).toContain('src="/r/&quot;&gt;&lt;script&gt;"'));
});

it('names the files of a directory without unpacking them', () => {
  const zip = zipSync({ 'a.txt': bytes('a'), 'b/c.bin': new Uint8Array(5_000_000) });
  expect(shown('directory', zip)).toBe('<pre>a.txt\nb/c.bin</pre>');
  expect(shown('directory', 'no zip')).toBe('refused: File is not a zip file');
});

it('reads the first MiB, and is not put off by a character that the cut goes through', () => {
  const text = shown('file', `${'a'.repeat(PREVIEW_BYTES - 1)}é and more`);
  expect(text).toBe(`<pre>${'a'.repeat(PREVIEW_BYTES - 1)}</pre>`);
});

it('has no preview of what lies elsewhere', () => expect(shown('cloud-storage', '{}')).toMatch(/^refused/));

it.each([
  ['csv', 'csv'],
  ['cloud-storage', 'cloud-storage'],
  ['zzz', undefined],
  ['__proto__', undefined],
  ['constructor', undefined],
])('fileType(%j) is %j', (name, type) => expect(fileType(name)).toBe(type));

it('there are nine types', () => expect(Object.keys(FILE_TYPES)).toHaveLength(9));

describe('indentJson', () => {
  it.each([
    ['{"a": [1, 2]}', '{\n  "a": [\n    1,\n    2\n  ]\n}'],
    ['{"10":1,"2":1180591620717411303424,"x":1.10}', '{\n  "10": 1,\n  "2": 1180591620717411303424,\n  "x": 1.10\n}'],
    ['"[[["', '"[[["'],
    [' [] ', '[]'],
    [JSON.stringify('['.repeat(600)), JSON.stringify('['.repeat(600))],
  ])('%s', (text, indented) => expect(indentJson(text)).toEqual({ kind: 'json', text: indented }));

  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['[1,\n x]', 'Expecting value: line 2 column 2 (char 5)'],
    ['{"a": 1,}', 'Expecting value: line 1 column 9 (char 8)'],
    ['// no\n1', 'Expecting value: line 1 column 1 (char 0)'],
    ['['.repeat(200_000), 'nested more than 500 deep'],
  ])('%.20s: %s', (text, message) => expect(indentJson(text)).toEqual({ kind: 'invalid', message }));
});
