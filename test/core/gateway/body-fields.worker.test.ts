import { describe, expect, test } from 'vitest';
import { readBodyFields } from '../../../src/core/gateway/body-fields';
import { ApiError } from '../../../src/kernel/errors';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;
const raw = (...values: number[]): ArrayBuffer => new Uint8Array(values).slice().buffer;

const fieldsOf = (type: string | null, body: ArrayBuffer | null): object => {
  const { fields, text } = readBodyFields(type, body);
  return { ...fields, __text: text };
};
const codeOf = (type: string | null, body: ArrayBuffer | null): string => {
  try {
    readBodyFields(type, body);
    return 'read';
  } catch (error) {
    return error instanceof ApiError ? error.code : `threw ${String(error)}`;
  }
};

const MULTIPART = ['--b', 'content-disposition: form-data; name="a"', '', '1', '--b--', ''].join('\r\n');

describe('reads', () => {
  test.each<[string | null, string, object]>([
    ['application/json', '{"a":1}', { a: 1, __text: false }],
    ['APPLICATION/JSON; charset=utf-8', '{"a":[{}]}', { a: [{}], __text: false }],
    ['application/problem+json', '{}', { __text: false }],
    ['application/json', '\ufeff{"a":1}', { a: 1, __text: false }],
    [null, '{"a":1}', { a: 1, __text: false }],
    [null, 'a=1', { a: '1', __text: true }],
    [
      'application/x-www-form-urlencoded',
      'a=1&b=x+y&a=2&c&d=%26',
      { a: ['1', '2'], b: 'x y', c: '', d: '&', __text: true },
    ],
    ['application/x-www-form-urlencoded;charset=UTF-8', 'é=%C3%A9', { é: 'é', __text: true }],
    ['application/json', 'a=1&b=%7B', { a: '1', b: '{', __text: true }],
    ['multipart/form-data; boundary=b', MULTIPART, { a: '1', __text: true }],
    ['application/json', MULTIPART, { a: '1', __text: true }],
    [null, MULTIPART, { a: '1', __text: true }],
    ['multipart/form-data', MULTIPART, { a: '1', __text: true }],
    ['application/json', 'null', { __text: false }],
    ['text/json', '{"a":1}', { a: 1, __text: false }],
    ['text/plain;charset=UTF-8', ' {"a":1}', { a: 1, __text: false }],
    ['text/plain', '\ufeff{}', { __text: false }],
    // As curl and requests send them when a type is given beside -F, files= or data=.
    ['application/x-www-form-urlencoded', MULTIPART, { a: '1', __text: true }],
    ['application/x-www-form-urlencoded; boundary=b', MULTIPART, { a: '1', __text: true }],
    ['multipart/form-data; boundary=x; boundary=b', MULTIPART, { a: '1', __text: true }],
    ['multipart/form-data; boundary=x', MULTIPART, { a: '1', __text: true }],
    ['multipart/form-data', 'a=1&b=2', { a: '1', b: '2', __text: true }],
    ['multipart/form-data', '{"a":1}', { a: 1, __text: false }],
    ['application/x-www-form-urlencoded', '{"a":1}', { a: 1, __text: false }],
    ['application/x-www-form-urlencoded', '%7B%22a%22%3A%22b+c%3D%C3%A9%22%7D', { a: 'b c=é', __text: false }],
    ['application/x-www-form-urlencoded', '{a}=1&b=[2', { '{a}': '1', b: '[2', __text: true }],
    ['application/json, application/json', '{"a":1}', { a: 1, __text: false }],
    [`application/json; charset='utf-8'`, '{"a":"é"}', { a: 'é', __text: false }],
    [
      'application/x-www-form-urlencoded',
      'a=%EF%BF%BD&b=100%&c=%zz',
      { a: '\ufffd', b: '100%', c: '%zz', __text: true },
    ],
  ])('%s: %j', (type, body, wanted) => expect(fieldsOf(type, bytes(body))).toEqual(wanted));

  test('no fields from an empty body, for any content type', () => {
    for (const type of [
      null,
      'text/plain',
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'image/png',
    ])
      expect(fieldsOf(type, null)).toEqual({ __text: false });
  });

  test.each<[string, ArrayBuffer, object]>([
    ['application/x-www-form-urlencoded; charset=ISO-8859-1', bytes('t=caf%E9&u=%80+x'), { t: 'café', u: '€ x' }],
    ['application/x-www-form-urlencoded; charset="windows-1252"', raw(0x74, 0x3d, 0xe9, 0x93), { t: 'é“' }],
    ['application/x-www-form-urlencoded; charset=shift_jis', bytes('t=%93%FA%96%7B'), { t: '日本' }],
    ['application/json; charset=iso-8859-1', raw(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d), { a: 'é' }],
    [
      'application/x-www-form-urlencoded',
      bytes('t=caf%E9&_charset_=windows-1252'),
      { t: 'café', _charset_: 'windows-1252' },
    ],
    ['application/x-www-form-urlencoded', bytes('_charset_=&t=%C3%A9'), { t: 'é', _charset_: '' }],
    ['application/json; charset=utf-16le', raw(0x7b, 0, 0x7d, 0), {}],
    ['application/json; charset=utf-16', raw(0xfe, 0xff, 0, 0x7b, 0, 0x7d), {}],
    ['application/json; charset=utf-16', raw(0xff, 0xfe, 0x7b, 0, 0x7d, 0), {}],
  ])('%s in its own charset', (type, body, wanted) => expect({ ...readBodyFields(type, body).fields }).toEqual(wanted));

  test.each<[string, string]>([
    ['multipart/form-data; boundary=b; charset=iso-8859-1', ''],
    [
      'multipart/form-data; boundary=b',
      'content-disposition: form-data; name="_charset_"\r\n\r\nwindows-1252\r\n--b\r\n',
    ],
  ])('a form in the charset that it names: %s %s', (type, first) => {
    const file = 'content-disposition: form-data; name="f"; filename="\xe9.txt"\r\n\r\n\xe9\r\n--b--\r\n';
    const text = `--b\r\n${first}content-disposition: form-data; name="caf\xe9"\r\n\r\n\xe9\r\n--b\r\n${file}`;
    const { fields, files } = readBodyFields(type, raw(...[...text].map((character) => character.charCodeAt(0))));
    expect(fields['café']).toBe('é');
    expect(files.get('f')!.map(({ name, bytes: content }) => [name, [...new Uint8Array(content)]])).toEqual([
      ['é.txt', [0xe9]],
    ]);
  });

  test('files with name, type and bytes; repeated ones as a list', async () => {
    const form = new FormData();
    form.append('doc', new File([new Uint8Array([0, 255])], 'é.bin', { type: 'image/png' }));
    form.append('doc', new File(['b'], 'b.txt', { type: 'text/plain' }));
    form.append('note', 'n');
    const sent = new Response(form);
    const { fields, files } = readBodyFields(sent.headers.get('content-type'), await sent.arrayBuffer());
    expect({ ...fields }).toEqual({ note: 'n' });
    const docs = files.get('doc')!.map((file) => [file.name, file.type, [...new Uint8Array(file.bytes)]]);
    expect(docs).toEqual([
      ['é.bin', 'image/png', [0, 255]],
      ['b.txt', 'text/plain', [98]],
    ]);
  });

  test('a field called __proto__ as a field', async () => {
    for (const [type, body] of [
      ['application/json', '{"__proto__":{"a":1}}'],
      ['application/x-www-form-urlencoded', '__proto__=1&__proto__=2'],
    ] as const) {
      const { fields } = readBodyFields(type, bytes(body));
      expect(Object.keys(fields)).toEqual(['__proto__']);
      expect(fields.a).toBeUndefined();
    }
  });
});

describe('refuses', () => {
  test.each<[string, string | null, ArrayBuffer | null, string]>([
    ['white space', 'application/json', bytes('  '), 'invalid_json'],
    ['NaN', 'application/json', bytes('{"a":NaN}'), 'invalid_json'],
    ['a trailing comma', 'application/json', bytes('{"a":1,}'), 'invalid_json'],
    ['a comment', 'application/json', bytes('{"a":1/**/}'), 'invalid_json'],
    ['two documents', 'application/json', bytes('{}{}'), 'invalid_json'],
    ['plain text', 'application/json', bytes('hello world'), 'invalid_json'],
    ['text without a type', null, bytes('hello'), 'invalid_json'],
    ['invalid UTF-8 in JSON', 'application/json', raw(0x22, 0xff, 0x22), 'invalid_json'],
    ['UTF-16', 'application/json', raw(0xff, 0xfe, 0x7b, 0, 0x7d, 0), 'invalid_json'],
    ['invalid UTF-8 in a form', 'application/x-www-form-urlencoded', raw(0x61, 0x3d, 0xff), 'invalid_body'],
    ['200,000 levels', 'application/json', bytes('['.repeat(200_000) + ']'.repeat(200_000)), 'json_too_deep'],
    ['200,000 levels of objects', 'application/json', bytes('{"a":'.repeat(200_000)), 'json_too_deep'],
    ['a list', 'application/json', bytes('[1]'), 'invalid_parameters'],
    ['null in a list', 'application/json', bytes('[null]'), 'invalid_parameters'],
    ['a number', 'application/json', bytes('1'), 'invalid_parameters'],
    ['text', 'text/plain', bytes('a=1'), 'unsupported_media_type'],
    ['a list as text', 'text/plain', bytes('[1]'), 'unsupported_media_type'],
    ['bad JSON as text', 'text/plain', bytes('{"a":1'), 'invalid_json'],
    ['a number beyond all numbers', 'application/json', bytes('{"a":1e400}'), 'invalid_json'],
    ['an integer of 4,301 digits', 'application/json', bytes(`{"a":${'9'.repeat(4301)}}`), 'invalid_json'],
    [
      'bytes that are not UTF-8, escaped, in a form',
      'application/x-www-form-urlencoded',
      bytes('a=1&t=caf%E9'),
      'invalid_body',
    ],
    [
      'bytes that are not UTF-8, escaped, in a name of a form',
      'application/x-www-form-urlencoded',
      bytes('caf%E9=1'),
      'invalid_body',
    ],
    ['half a character', 'application/x-www-form-urlencoded', bytes('a=%C3&b=%A9'), 'invalid_body'],
    ['a charset that is not known', 'application/json; charset=utf-7', bytes('{}'), 'unsupported_media_type'],
    [
      'bytes that are not of the charset',
      'application/json; charset=utf-16',
      raw(0x7b, 0, 0xd8, 0xd8, 0x7d, 0),
      'invalid_json',
    ],
    ['XML', 'application/xml', bytes('<a/>'), 'unsupported_media_type'],
    ['nearly JSON by type', 'application/jsonp', bytes('{}'), 'unsupported_media_type'],
    ['multipart that has no boundary anywhere', 'multipart/form-data', bytes('hello'), 'invalid_body'],
    ['a form in the place of multipart', 'multipart/form-data; boundary=x', bytes('a=1'), 'invalid_body'],
    ['multipart without a line of its boundary', 'multipart/form-data; boundary=x', bytes('--y'), 'invalid_body'],
    ['JSON whose quotes a shell took', 'application/x-www-form-urlencoded', bytes('{a:1}'), 'invalid_json'],
    ['JSON in the quotes of another shell', 'application/x-www-form-urlencoded', bytes(`'{"a":1}'`), 'invalid_json'],
    ['JSON with the quotes of Python', 'application/x-www-form-urlencoded', bytes(`{'a': 'b=c'}`), 'invalid_json'],
    ['a list as a form', 'application/x-www-form-urlencoded', bytes('[{"a":1}]'), 'invalid_parameters'],
    [
      'a charset of the form that is not known',
      'application/x-www-form-urlencoded',
      bytes('_charset_=x&a=1'),
      'unsupported_media_type',
    ],
    ['multipart without an end', 'multipart/form-data; boundary=b', bytes(MULTIPART.slice(0, -10)), 'invalid_body'],
  ])('%s', (_name, type, body, code) => expect(codeOf(type, body)).toBe(code));

  test('bad JSON without quoting the body', async () => {
    for (const body of ['{"password": hunter2}', '{"a":"hunter2",}', 'hunter2', '["hunter2"'])
      expect(() => readBodyFields('application/json', bytes(body))).not.toThrow(/hunter2/);
  });
});

// Copying the list for every field would take minutes.
test('a megabyte of one repeated field is read in linear time', async () => {
  const { fields } = readBodyFields('application/x-www-form-urlencoded', bytes('a=&'.repeat(349_000)));
  expect((fields.a as string[]).length).toBe(349_000);
});

test.each([
  ['application/x-www-form-urlencoded', 'a=1&t=caf%E9', 'The field t is not UTF-8.', '#/body/t'],
  ['application/x-www-form-urlencoded', 'caf%E9=1', 'The field caf%E9 is not UTF-8.', '#/body/caf%E9'],
])('%s: what is not text is named: %s', (type, body, message, pointer) => {
  expect(() => readBodyFields(type, bytes(body))).toThrow(
    expect.objectContaining({
      message,
      extra: { issues: [{ pointer, code: 'not_text', message: 'is not UTF-8' }] },
    }) as Error,
  );
});
