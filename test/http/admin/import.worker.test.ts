import { exports } from 'cloudflare:workers';
import { describe, expect, it, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { adminToken } from '../../support/sign-in';
import { unique } from '../../support/publish';

const COLUMNS = [
  { name: 'name', type: 'text' },
  { name: 'city', type: 'text', default: 'Gent' },
  { name: 'price', type: 'number' },
  { name: 'on', type: 'date' },
  { name: 'extra', type: 'json' },
];
const create = async (columns: object[] = COLUMNS): Promise<string> => {
  const body = { name: unique('t').replaceAll('-', '_'), columns };
  const answer = await callAdmin('POST', '/tables', { token: await adminToken(), body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id as string;
};
interface Answer {
  count?: number;
  code?: string;
  detail?: string;
  errors?: { line: number; code: string; message: string; pointer: string }[];
}
const load = async (id: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/csv') => {
  const response = await exports.default.fetch(`https://portico.test/admin/tables/${id}/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await adminToken()}`, 'content-type': type },
    body,
  });
  return { status: response.status, ...((await response.json()) as Answer) };
};
const rowsOf = async (id: string, columns = 'name,city') => {
  const answer = await callAdmin('GET', `/tables/${id}/rows?columns=${columns}&limit=1000`, {
    token: await adminToken(),
  });
  return (answer.body.items as Record<string, unknown>[]).map(({ id: _id, ...row }) => Object.values(row));
};

describe('CRLF, LF and CR end a line, in any mixture', () => {
  it.each([
    ['a header with LF, rows with CRLF', 'name,city\nAda,Gent\r\nBob,Paris\r\n'],
    ['CRLF, and LF at the end', 'name,city\r\nAda,Gent\r\nBob,Paris\n'],
    ['a header with CRLF, rows with LF', 'name,city\r\nAda,Gent\nBob,Paris\n'],
    ['CR', 'name,city\rAda,Gent\rBob,Paris\r'],
    ['each of them, and none at the end', 'name,city\r\nAda,Gent\rBob,Paris'],
    ['quotes everywhere', '\ufeff"name","city"\n"Ada","Gent"\r\n"Bob","Paris"\r'],
  ])('%s', async (_, text) => {
    const id = await create();
    expect(await load(id, text)).toEqual({ status: 200, count: 2 });
    expect(await rowsOf(id)).toEqual([
      ['Ada', 'Gent'],
      ['Bob', 'Paris'],
    ]);
  });
  test('a file of one column is imported with any ending', async () => {
    const id = await create([{ name: 'name', type: 'text' }]);
    expect(await load(id, 'name\r\nA\nB\nC\n')).toEqual({ status: 200, count: 3 });
    expect(await rowsOf(id, 'name')).toEqual([['A'], ['B'], ['C']]);
  });
  test('line ends between quotes are kept', async () => {
    const id = await create();
    expect(await load(id, 'name,city\n"a\r\nb\rc\nd",x\r\n')).toEqual({ status: 200, count: 1 });
    expect(await rowsOf(id)).toEqual([['a\r\nb\rc\nd', 'x']]);
  });
  test('NDJSON has the same line ends', async () => {
    const id = await create();
    expect(await load(id, '{"name":"a"}\r\n{"name":"b"}\r\r{"name":"c"}\n', 'application/x-ndjson')).toMatchObject({
      count: 3,
    });
    expect((await load(id, '\r\n{"name":"a"}\r{', 'application/x-ndjson')).errors).toMatchObject([{ line: 3 }]);
  });
});

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : part)),
  );
const utf16 = (text: string): number[] => [...text].flatMap((char) => [char.charCodeAt(0), 0]);

test.each<[string, string, Uint8Array<ArrayBuffer>]>([
  ['text/csv; charset=windows-1252', 'Zo\u00eb \u20ac', bytes('name\nZo', [0xeb], ' ', [0x80], '\n')],
  ['text/csv;charset="UTF-16"', 'Zo\u00eb', bytes([0xff, 0xfe], utf16('name\nZo\u00eb\n'))],
  ['text/csv; charset=utf8', 'Zoe', bytes('name\nZoe\n')],
  ['application/x-ndjson; charset=iso-8859-1', '\u00c3\u00ab', bytes('{"name":"', [0xc3, 0xab], '"}\n')],
])('a file is read in the charset that is named: %s', async (type, name, file) => {
  const table = await create();
  expect(await load(table, file, type)).toEqual({ status: 200, count: 1 });
  expect(await rowsOf(table, 'name')).toEqual([[name]]);
});

describe('a refusal names the line and what it comes from', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, number, string, string]>([
    ['semicolons', 'name;city\nAda;Gent\n', 1, 'wrong_separator', 'cells are separated by ";"; use commas instead'],
    [
      'semicolons and decimal commas',
      'name;price\nAda;1,5\n',
      1,
      'wrong_separator',
      'cells are separated by ";"; use commas',
    ],
    ['tabs', 'name\tcity\nAda\tGent\n', 1, 'wrong_separator', 'cells are separated by tabs; use commas'],
    ['bars', 'name|city\n', 1, 'wrong_separator', 'cells are separated by "|"; use commas'],
    ['sep=;', 'sep=;\nname;city\n', 1, 'wrong_separator', 'the line sep= names another separator; use commas'],
    [
      'semicolons behind a good header',
      'name,city\nAda;Gent\n',
      2,
      'wrong_length',
      'has 1 cell where the header has 2; separate cells by commas',
    ],
    [
      'an empty cell of the header',
      'name,\nAda,\n',
      1,
      'empty_column',
      'cell 2 of the header is empty; check for a comma at the end of lines',
    ],
    [
      'empty cells amid the header',
      'name,, ,city\n',
      1,
      'empty_column',
      'cells 2, 3 of the header are empty; every column must have a name',
    ],
    ['quoted emptiness', '"name",""\n', 1, 'empty_column', 'cell 2 of the header is empty'],
    ['a column twice', 'name,city,name\n', 1, 'duplicate_column', 'the column name occurs twice'],
    ['a capital letter', 'Name,city\n', 1, 'unknown_column', 'unknown column Name; use name'],
    ['a space', 'name, city\n', 1, 'unknown_column', 'unknown column " city"; use city'],
    [
      'no header',
      'Ada,Gent\nBob,Paris\n',
      1,
      'unknown_column',
      'unknown column Ada; the first line must name columns of the table: id, created_at, updated_at, name, city',
    ],
    ['nothing', '', 1, 'no_header', 'the first line must name the columns'],
    ['line ends', '\r\n\n\r', 1, 'no_header', 'the first line must name the columns'],
    ['UTF-16 without a mark', bytes(utf16('name,city\n')), 1, 'invalid_csv', 'the file seems to be UTF-16'],
    [
      'a comma at the end of a line',
      'name,city\nAda,Gent,\n',
      2,
      'wrong_length',
      'has 3 cells where the header has 2; it ends with a comma',
    ],
    ['a comma within a cell', 'name,city\nLovelace, Ada,Gent\n', 2, 'wrong_length', 'quote cells that contain a comma'],
    [
      'a quote within a cell',
      'name,city\nAda,5" pipe\n',
      2,
      'invalid_csv',
      'has a quote within a cell; write a quote within a cell twice ("")',
    ],
    ['a quote behind a space', 'name,city\nAda, "Gent"\n', 2, 'invalid_csv', 'has a space before an opening quote'],
    [
      'a quote that stays open',
      'name,city\n"x\ny",1\nAda,"Gent\nBob,Paris\n',
      4,
      'invalid_csv',
      'has an opening quote that is never closed',
    ],
    ['an issue of the header', 'na"me,city\n', 1, 'invalid_csv', 'has a quote within a cell'],
    [
      'a line behind breaks in cells',
      'name,price\r\n"a\r\nb\rc",1\r\rAda,x\n',
      6,
      'invalid_value',
      'must be a finite number',
    ],
    ['JSON', 'name,extra\nAda,{oops}\n', 2, 'invalid_json', 'must be JSON'],
    [
      'a key that is there twice',
      'extra\n"{""a"":1,""a"":2}"\n',
      2,
      'duplicate_key',
      'has the key "a" twice in one object',
    ],
    ['JSON without a way back', 'extra\n[1e999]\n', 2, 'inexact_number', 'must not be a number beyond 1.8e308'],
    [
      'a whole number that would be rounded',
      'price\n9007199254740993\n',
      2,
      'invalid_value',
      'must not be a whole number beyond 9007199254740991',
    ],
    ['one within JSON', 'extra\n[9007199254740993]\n', 2, 'inexact_number', 'must not be a whole number beyond'],
    ['semicolons behind quotes', '"name";"city"\n"Ada";"Gent"\n', 1, 'invalid_csv', 'cells that are separated by ";"'],
  ])('%s', async (_, text, line, code, message) => {
    const refused = await load(await create(), text);
    expect([refused.status, refused.errors?.[0]]).toMatchObject([
      422,
      { line, code, message: expect.stringContaining(message) as string },
    ]);
    expect(refused.detail).toContain(`line ${line}: `);
  });
  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['UTF-16, little end first', bytes([0xff, 0xfe], utf16('name\n')), 'It is UTF-16: save the file as UTF-8'],
    ['UTF-16, big end first', bytes([0xfe, 0xff, 0], 'n'), 'It is UTF-16'],
    [
      'Latin-1',
      bytes('name\nZo', [0xeb], '\n'),
      'The body is not UTF-8. Save the file as UTF-8, in Excel as "CSV UTF-8".',
    ],
  ])('%s', async (_, file, detail) => {
    expect(await load(await create(), file)).toMatchObject({
      status: 400,
      code: 'invalid_body',
      detail: expect.stringContaining(detail) as string,
    });
  });
  it.each([
    ['text/csv; charset=klingon', 415, 'The charset klingon is not supported. Send UTF-8.'],
    ['text/csv; charset=shift_jis', 400, 'The body is not SHIFT_JIS.'],
  ])('%s', async (type, status, detail) => {
    expect(await load(await create(), bytes('name\n', [0x81]), type)).toMatchObject({ status, detail });
  });
  it.each([
    ['{"name":1,"name":"a"}', 'duplicate_key', 'has the key "name" twice in one object'],
    ['[{"name":"a"}]', 'invalid_json', 'must be a JSON object; each line must be one object'],
    ['{', 'invalid_json', 'must be JSON; each line must be one object'],
    ['{"extra":{"a":-1e400}}', 'inexact_number', 'must not be a number beyond 1.8e308'],
    [
      '{"price":9007199254740993}',
      'inexact_number',
      'must not be a whole number beyond 9007199254740991, which would be rounded: send it as text',
    ],
    [`{"extra":${'['.repeat(70)}${']'.repeat(70)}}`, 'json_too_deep', 'must not nest deeper than 64 levels'],
  ])('NDJSON %.30s', async (line, code, message) => {
    const refused = await load(await create(), `{"name":"x"}\r\n${line}\n`, 'application/x-ndjson');
    expect(refused).toMatchObject({ status: 422, errors: [{ line: 2, code, message }] });
  });
});

describe('files of other programs', () => {
  test("Excel's line sep=, and a mark of byte order are no rows", async () => {
    const id = await create();
    expect(await load(id, '\ufeffsep=,\r\nname,city\r\nAda,Gent\r\n')).toEqual({ status: 200, count: 1 });
    expect(await load(id, '"sep=,"\nname\nBob\n')).toEqual({ status: 200, count: 1 });
    expect((await load(id, 'sep=,\rname\rx,y\r')).errors).toMatchObject([{ line: 3 }]);
  });
  test('"" is a text without characters where the column can have one, and nothing elsewhere', async () => {
    const id = await create();
    expect(await load(id, '"id","name","city","price","on","extra"\n"","","","","",""\n,x,,,,\n')).toEqual({
      status: 200,
      count: 2,
    });
    expect(await rowsOf(id, 'name,city,price,on,extra')).toEqual([
      ['', '', null, null, null],
      ['x', 'Gent', null, null, null],
    ]);
  });
});

describe('work and answers are bounded', () => {
  test('a header of half a million columns is refused', async () => {
    const refused = await load(await create(), `${Array.from({ length: 500_000 }, (_, i) => `c${i}`).join(',')}\n1\n`);
    expect(refused).toMatchObject({
      status: 422,
      errors: [{ line: 1, code: 'invalid_csv', message: 'has more than 200 cells; no table has as many columns' }],
    });
    const some = await load(await create(), `name${',x'.repeat(93)}\n`);
    expect(some.errors).toMatchObject([
      { code: 'too_many_columns', message: 'the header must have at most 93 cells, has 94' },
    ]);
  });
  test('a line of half a million cells is one issue', async () => {
    const refused = await load(await create(), `name,city\n${','.repeat(500_000)}\nx\n`);
    expect(refused.errors?.map(({ line, message }) => [line, message])).toEqual([
      [2, 'has more than 200 cells; no table has as many columns'],
      [3, 'has 1 cell where the header has 2'],
    ]);
  });
  test('the first hundred issues are listed, by line, and the others counted', async () => {
    const columns = [...COLUMNS, { name: 'code', type: 'text', unique: true }];
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? `a,x,same` : `b,1,c${i},too,long`));
    const refused = await load(await create(columns), `name,price,code\n${lines.join('\n')}\n`);
    const [last] = refused.errors!.splice(100);
    expect(last).toMatchObject({ code: 'more', message: 'and 1399 more' });
    expect(refused.errors!.map(({ line }) => line)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 2)
        .flatMap((line) => (line === 2 || line % 2 === 1 ? [line] : [line, line]))
        .slice(0, 100),
    );
    expect(refused.detail).toMatch(/^Nothing was imported\. 1000 bad lines; line 2: price must be a finite number/);
  });
  test('a name of a megabyte is not given back', async () => {
    const long = 'x'.repeat(1_000_000);
    for (const [text, type] of [
      [`${long}\n`, 'text/csv'],
      [`{"${long}":1}`, 'application/x-ndjson'],
      [`{"a":{"${long}":1,"${long}":2}}`, 'application/x-ndjson'],
    ] as const)
      expect(JSON.stringify(await load(await create(), text, type)).length).toBeLessThan(2000);
  });
});
