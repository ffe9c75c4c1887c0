import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FILE_TYPES, type FileType, fileType } from '../../../src/plynx/files/file-type.rules';
import { indentJson } from '../../../src/plynx/files/indent-json.rules';
import { PREVIEW_BYTES, previewFile } from '../../../src/plynx/files/preview-file.rules';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (type: FileType, content: string | Uint8Array, url = '/r/1') => {
  const preview = previewFile(type, typeof content === 'string' ? bytes(content) : content, url);
  return preview.kind === 'html' ? preview.html : `refused: ${preview.message}`;
};
const EVIL = '<script>alert("1")</script>&';
const SAFE = '&lt;script&gt;alert("1")&lt;/script&gt;&amp;';

describe('the content of a file is escaped', () => {
  it.each<[FileType, string]>([
    ['file', `<pre>${SAFE}</pre>`],
    ['executable', `<pre>${SAFE}</pre>`],
    [
      'csv',
      `<table class="preview-table"><tr class="preview-table-row-even"><td class="preview-table-col">${SAFE}</td></tr></table>`,
    ],
    ['json', 'Failed to parse json: Expecting value: line 1 column 1 (char 0)'],
  ])('%s', (type, html) => expect(shown(type, EVIL)).toBe(html));
  it('in a JSON file', () =>
    expect(shown('json', JSON.stringify([EVIL]))).toBe(`<pre>[\n  "${SAFE.replaceAll('"', '\\"')}"\n]</pre>`));
  it('in the names of a directory', () =>
    expect(shown('directory', zipSync({ [EVIL]: bytes('') }))).toBe(`<pre>${SAFE}</pre>`));
  it('in the URL of an image', () =>
    expect(shown('image', '', '/r/"><script>')).toContain('src="/r/&quot;&gt;&lt;script&gt;"'));
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
    ['[{},[],{"a":{}},[[ ]]]', '[\n  {},\n  [],\n  {\n    "a": {}\n  },\n  [\n    []\n  ]\n]'],
    [
      '\t{"a" :\r\n -1.5e3, "b":[true,null , "x,]:"]}\n',
      '{\n  "a": -1.5e3,\n  "b": [\n    true,\n    null,\n    "x,]:"\n  ]\n}',
    ],
    [JSON.stringify('['.repeat(600)), JSON.stringify('['.repeat(600))],
  ])('%s', (text, indented) => expect(indentJson(text)).toEqual({ kind: 'json', text: indented, isCut: false }));

  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['[1,\n x]', 'Expecting value: line 2 column 2 (char 5)'],
    ['{"a": 1,}', 'Expecting value: line 1 column 9 (char 8)'],
    ['// no\n1', 'Expecting value: line 1 column 1 (char 0)'],
    ['['.repeat(200_000), 'nested more than 500 deep'],
  ])('%.20s: %s', (text, message) => expect(indentJson(text)).toEqual({ kind: 'invalid', message }));
});

describe('a preview costs no more than a few times its file, whatever the file holds', () => {
  const ZIP_END = [0x50, 0x4b, 5, 6, 0, 0, 0, 0];
  /** A zip file that claims this many entries and has none. */
  const claiming = (entries: number): Uint8Array =>
    Uint8Array.from([
      ...ZIP_END,
      ...[entries & 255, entries >> 8],
      ...[entries & 255, entries >> 8],
      ...Array.from({ length: 10 }, () => 0),
    ]);
  const zip64 = Uint8Array.from([
    ...[0x50, 0x4b, 6, 6, 44, ...Array.from({ length: 19 }, () => 0)],
    ...[255, 255, 255, 127, 0, 0, 0, 0, 255, 255, 255, 127, 0, 0, 0, 0, ...Array.from({ length: 16 }, () => 0)],
    ...[0x50, 0x4b, 6, 7, ...Array.from({ length: 16 }, () => 0)],
    ...ZIP_END,
    ...Array.from({ length: 14 }, () => 255),
  ]);
  const names = zipSync(Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`${at}`, new Uint8Array()])));
  const long = zipSync(
    Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${at}${'n'.repeat(60_000)}`, new Uint8Array()])),
  );
  /** A part of what is read: the ratio is the same. */
  const SIZE = PREVIEW_BYTES / 4;
  const hostile: [string, string | Uint8Array][] = [
    ['a flat list', `[${'1,'.repeat(SIZE / 2 - 2)}1]`],
    ['a deep list', `${'['.repeat(499)}${'1,'.repeat(500_000)}1${']'.repeat(499)}`],
    ['a member for every few characters', `{${'"":{},'.repeat(SIZE / 7 - 1)}"":0}`],
    ['brackets', '['.repeat(SIZE)],
    ['open braces and names', '{"":'.repeat(SIZE / 4)],
    ['mistakes', 'x '.repeat(SIZE / 2)],
    ['a text without end', `"${'\\u0000'.repeat(SIZE / 6)}`],
    ['commas', ','.repeat(SIZE)],
    ['tabs', '\t'.repeat(SIZE)],
    ['lines', '\n'.repeat(SIZE)],
    ['carriage returns', '\r\n'.repeat(SIZE / 2)],
    ['ampersands', '&'.repeat(SIZE)],
    ['quotes', '"'.repeat(SIZE)],
    ['no UTF-8', new Uint8Array(SIZE).fill(255)],
    ['zeros', new Uint8Array(SIZE)],
    ['a zip file of many names', names],
    ['a zip file of long names', long],
    ['a zip file that claims entries', claiming(65_534)],
    ['a zip file that claims billions of entries', zip64],
  ];
  describe.each(hostile)('%s', (_, content) => {
    it.each(Object.keys(FILE_TYPES) as FileType[])('as %s', (type) => {
      expect(shown(type, content).length).toBeLessThan(6 * Math.max(content.length, SIZE));
    });
  });

  it('is marked when it is cut', () => {
    expect(shown('csv', ','.repeat(30_000))).toMatch(/<\/table>\n# cut: more than 20000 cells$/);
    expect(shown('csv', ','.repeat(19_999))).not.toContain('# cut');
    expect(shown('csv', `${','.repeat(19_999)}\n`)).toMatch(/<\/tr><\/table>\n# cut: more than 20000 cells$/);
    expect(shown('directory', zip64)).toMatch(/# cut: more than 10000 files<\/pre>$/);
    expect(shown('json', `${'['.repeat(499)}${'1,'.repeat(9000)}1${']'.repeat(499)}`)).toMatch(
      /# cut: more than \d+ characters<\/pre>$/,
    );
    expect(shown('directory', names)).toMatch(/\n9999\n# cut: more than 10000 files<\/pre>$/);
    expect(shown('directory', long)).toMatch(/# cut: more than 17 files<\/pre>$/);
  });
});
