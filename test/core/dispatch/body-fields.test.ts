import { describe, expect, test } from 'vitest';
import { readBodyFields } from '../../../src/core/dispatch/body-fields';
import { Fault } from '../../../src/core/errors';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;
const raw = (...values: number[]): ArrayBuffer => new Uint8Array(values).slice().buffer;

const fieldsOf = async (type: string | null, body: ArrayBuffer | null): Promise<object> => {
  const { fields, text } = await readBodyFields(type, body);
  return { ...fields, __text: text };
};
const codeOf = (type: string | null, body: ArrayBuffer | null): Promise<string> =>
  readBodyFields(type, body).then(
    () => 'read',
    (error: unknown) => (error instanceof Fault ? error.code : `threw ${String(error)}`),
  );

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
  ])('%s: %j', async (type, body, wanted) => expect(await fieldsOf(type, bytes(body))).toEqual(wanted));

  test('nothing, when there is no body and nobody claims JSON', async () => {
    for (const type of [null, 'text/plain', 'application/x-www-form-urlencoded'])
      expect(await fieldsOf(type, null)).toEqual({ __text: false });
  });

  test('files with name, type and bytes; repeated ones as a list', async () => {
    const form = new FormData();
    form.append('doc', new File([new Uint8Array([0, 255])], 'é.bin', { type: 'image/png' }));
    form.append('doc', new File(['b'], 'b.txt', { type: 'text/plain' }));
    form.append('note', 'n');
    const sent = new Response(form);
    const { fields, files } = await readBodyFields(sent.headers.get('content-type'), await sent.arrayBuffer());
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
      const { fields } = await readBodyFields(type, bytes(body));
      expect(Object.keys(fields)).toEqual(['__proto__']);
      expect(fields.a).toBeUndefined();
    }
  });
});

describe('refuses', () => {
  test.each<[string, string | null, ArrayBuffer | null, string]>([
    ['an empty JSON body', 'application/json', null, 'invalid_json'],
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
    ['null', 'application/json', bytes('null'), 'invalid_parameters'],
    ['a number', 'application/json', bytes('1'), 'invalid_parameters'],
    ['another type', 'text/plain', bytes('a=1'), 'unsupported_media_type'],
    ['XML', 'application/xml', bytes('<a/>'), 'unsupported_media_type'],
    ['nearly JSON by type', 'application/jsonp', bytes('{}'), 'unsupported_media_type'],
    ['multipart without a boundary', 'multipart/form-data', bytes(MULTIPART), 'invalid_body'],
    ['multipart with another boundary', 'multipart/form-data; boundary=x', bytes(MULTIPART), 'invalid_body'],
    ['multipart without an end', 'multipart/form-data; boundary=b', bytes(MULTIPART.slice(0, -10)), 'invalid_body'],
  ])('%s', async (_name, type, body, code) => expect(await codeOf(type, body)).toBe(code));

  test('what it says of bad JSON repeats nothing of the body', async () => {
    for (const body of ['{"password": hunter2}', '{"a":"hunter2",}', 'hunter2', '["hunter2"'])
      await expect(readBodyFields('application/json', bytes(body))).rejects.not.toThrow(/hunter2/);
  });
});

// Copying the list for every field would take minutes.
test('a megabyte of one repeated field is read in linear time', async () => {
  const { fields } = await readBodyFields('application/x-www-form-urlencoded', bytes('a=&'.repeat(349_000)));
  expect((fields.a as string[]).length).toBe(349_000);
});
