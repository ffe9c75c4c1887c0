import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundaryOf, readParts, textOf } from '../../../src/core/gateway/multipart';
import { ApiError } from '../../../src/kernel/errors';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf8 = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
const crlf = (...lines: string[]): string => lines.join('\r\n');

/** `name`, `name=text` or `name/filename:bytes` of each part, bytes as one character each. */
const partsOf = (body: string, boundary = 'b'): string[] =>
  [...readParts(bytes(body), boundary)].map((part) =>
    part.filename === null
      ? `${part.name}=${textOf(part)}`
      : `${part.name}/${part.filename}:${String.fromCharCode(...part.bytes)}`,
  );
const reasonOf = (body: string, boundary = 'b'): string => {
  try {
    return partsOf(body, boundary).join();
  } catch (error) {
    return error instanceof ApiError ? `${error.code}: ${error.message}` : String(error);
  }
};
const field = (name: string, value: string): string =>
  crlf('--b', `Content-Disposition: form-data; name="${name}"`, '', value);

describe('reads', () => {
  test.each<[string, string, string[]]>([
    ['fields', crlf(field('a', '1'), field('b', ''), '--b--', ''), ['a=1', 'b=']],
    ['a form without fields', crlf('--b--', ''), []],
    ['line feeds alone', ['--b', 'content-disposition: form-data; name=a', '', 'x\r', '--b--'].join('\n'), ['a=x\r']],
    ['a preamble and an epilogue', crlf('This is not --b', field('a', '1'), '--b--', '--b', 'more'), ['a=1']],
    ['white space after a boundary', crlf('--b \t', 'content-disposition: form-data; name="a"', '', '1', '--b--'), ['a=1']],
    ['a boundary as the start of another word', crlf(field('a', '--bc'), '--b--'), ['a=--bc']],
    ['a value of boundaries', crlf(field('a', crlf('', '--bc', '--bd--', '')), '--b--'), [`a=${crlf('', '--bc', '--bd--', '')}`]],
    ['no value and no line for it', crlf('--b', 'content-disposition: form-data; name="a"', '', '--b--'), ['a=']],
    ['no header but a name', crlf('--b', 'Content-Disposition:form-data;name=a', '', '1', '--b--'), ['a=1']],
    ['a folded header', crlf('--b', 'content-disposition: form-data;', '\tname="a"', '', '1', '--b--'), ['a=1']],
    ['a file', crlf('--b', 'content-disposition: form-data; name="f"; filename="x.bin"', 'content-type: image/png', '', '\0\xff\r\n', '--b--'), ['f/x.bin:\0\xff\r\n']],
    ['an empty file', crlf('--b', 'content-disposition: form-data; name="f"; filename="x"', '', '', '--b--'), ['f/x:']],
    ['a file input in which nothing was chosen', crlf('--b', 'content-disposition: form-data; name="f"; filename=""', 'content-type: application/octet-stream', '', '', '--b--'), []],
    ['attachment', crlf('--b', 'Content-Disposition: attachment; name="a"', '', '1', '--b--'), ['a=1']],
    ['name in any order and case', crlf('--b', 'CONTENT-DISPOSITION: form-data; FileName="x"; NAME="f"', '', '1', '--b--'), ['f/x:1']],
    ['quotes as curl and as browsers write them', crlf('--b', String.raw`content-disposition: form-data; name="a%22b"; filename="c\"d\\e\f%0D%0A%41"`, '', '1', '--b--'), ['a"b/c"d\\e\\f\r\n%41:1']],
    ['a name of RFC 8187', crlf('--b', `content-disposition: form-data; name="f"; filename="x"; filename*=UTF-8''na%C3%AFve`, '', '1', '--b--'), ['f/naïve:1']],
    ['UTF-8', crlf('--b', `content-disposition: form-data; name="${utf8('é')}"`, '', utf8('日本'), '--b--'), ['é=日本']],
    ['a charset of the part', crlf('--b', 'content-disposition: form-data; name="a"', 'content-type: text/plain; charset=windows-1252', '', 'caf\xe9 \x80', '--b--'), ['a=café €']],
    ['base64', crlf('--b', 'content-disposition: form-data; name="a"', 'content-transfer-encoding: base64', '', 'YWJj', 'ZA==', '--b--'), ['a=abcd']],
    ['files of one field in a part of their own', crlf('--b', 'content-disposition: form-data; name="f"', 'content-type: multipart/mixed; boundary=c', '', '--c', 'content-disposition: attachment; filename="x"', '', '1', '--c', 'content-disposition: attachment; filename="y"', '', '2', '--c--', '', '--b--'), ['f/x:1', 'f/y:2']],
  ])('%s', (_name, body, wanted) => expect(partsOf(body)).toEqual(wanted)); // oxfmt-ignore
});

describe('refuses with a reason', () => {
  test.each<[string, string, RegExp]>([
    ['another boundary', crlf('--x', '', '--x--'), /has no line --b/],
    ['no end', field('a', '1'), /does not end with its boundary/],
    ['an end without dashes', crlf(field('a', '1'), '--b'), /does not end with its boundary/],
    ['10,001 parts', crlf(...Array.from({ length: 10_001 }, () => field('a', '')), '--b--'), /more than 10000 parts/],
    ['a part without a name', crlf('--b', 'content-type: text/plain', '', '1', '--b--'), /part 1 has no name/],
    ['a part with an empty head', crlf(field('a', '1'), '--b', '', '1', '--b--'), /part 2 has no name/],
    ['a head without an end', crlf('--b', 'content-disposition: form-data; name="a"', '1', '--b--'), /part 1 has no end of its headers/],
    ['a value that is not UTF-8', crlf(field('t', 'caf\xe9'), '--b--'), /^invalid_body: The field t is not UTF-8\.$/],
    ['a name that is not UTF-8', crlf(field('caf\xe9', '1'), '--b--'), /The head of part 1 is not UTF-8/],
    ['a charset that is not known', crlf('--b', 'content-disposition: form-data; name="a"', 'content-type: text/plain; charset=utf-7', '', '1', '--b--'), /^unsupported_media_type: .*utf-7/],
    ['quoted-printable', crlf('--b', 'content-disposition: form-data; name="a"', 'content-transfer-encoding: quoted-printable', '', '1', '--b--'), /quoted-printable/],
    ['base64 that is none', crlf('--b', 'content-disposition: form-data; name="a"', 'content-transfer-encoding: base64', '', '!!', '--b--'), /part 1 is not valid base64/],
    ['parts in parts in parts', crlf('--b', 'content-disposition: form-data; name="f"', 'content-type: multipart/mixed', '', '1', '--b--'), /no boundary of its own/],
  ])('%s', (_name, body, wanted) => expect(reasonOf(body)).toMatch(wanted)); // oxfmt-ignore
});

test.each<[string | null, string, string | undefined]>([
  ['multipart/form-data; boundary=abc', '', 'abc'],
  ['multipart/form-data; charset=utf-8; Boundary="a b:c"', '', 'a b:c'],
  ['multipart/form-data', '--xyz\r\n', 'xyz'],
  ['multipart/form-data; boundary=', '--xyz\r\n', 'xyz'],
  ['multipart/form-data; boundary=abc', '--xyz\r\n', 'xyz'],
  ['multipart/form-data; boundary=abc; boundary=xyz', '--xyz\r\n--xyz--', 'xyz'],
  ['multipart/form-data; boundary=abc', 'a preamble\r\n--abc\r\n', 'abc'],
  ['multipart/form-data; boundary=abc', '{}', 'abc'],
  [`multipart/form-data; boundary=${'x'.repeat(100)}`, '', 'x'.repeat(100)],
  [null, '------WebKit\r\n', '----WebKit'],
  [null, '--xyz--\r\n', 'xyz'],
  [null, `--${'x'.repeat(201)}\r\n`, undefined],
  [null, '{"a":1}', undefined],
  ['multipart/form-data', 'a=1', undefined],
])('the boundary of %j with the body %j is %j', (type, body, wanted) =>
  expect(boundaryOf(type, bytes(body))).toBe(wanted),
);

test('whatever a client of the platform writes comes back', async () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[\r\n\\]/.test(text));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.tuple(name, fc.string({ unit: 'grapheme' })), fc.tuple(name, fc.uint8Array(), name)), {
        maxLength: 5,
      }),
      async (sent) => {
        const form = new FormData();
        for (const [key, value, filename] of sent)
          if (typeof value === 'string') form.append(key, value);
          else form.append(key, new File([new Uint8Array(value)], filename!));
        const response = new Response(form);
        const type = response.headers.get('content-type');
        const body = new Uint8Array(await response.arrayBuffer());
        const read = [...readParts(body, boundaryOf(type, body)!)].map((part) =>
          part.filename === null ? [part.name, textOf(part)] : [part.name, [...part.bytes], part.filename],
        );
        const wanted = sent.map(([key, value, filename]) =>
          typeof value === 'string' ? [key, value.replaceAll(/\r\n|\r|\n/g, '\r\n')] : [key, [...value], filename],
        );
        expect(read).toEqual(wanted);
      },
    ),
  );
});

test('no bytes make it throw anything but a ApiError, or run on', () => {
  const piece = fc.constantFrom('--b', '--b--', '\r\n', '\n', 'content-disposition: form-data; name="a"', '; filename="', '"', '\xff', '--', 'content-type: multipart/mixed; boundary=b', '\\'); // oxfmt-ignore
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(reasonOf(pieces.join(''))).not.toMatch(/^[A-Z]\w*Error/);
    }),
    { numRuns: 1000 },
  );
});

test.each<[string, string]>([
  ['10,000 parts', crlf(...Array.from({ length: 10_000 }, () => field('a', '')), '--b--')],
  ['a megabyte of near boundaries', crlf(field('a', '\r\n--bx'.repeat(170_000)), '--b--')],
  ['a megabyte of near starts', `${'--bx\r\n'.repeat(170_000)}${crlf(field('a', ''), '--b--')}`],
  ['headers of quotes', crlf(...Array.from({ length: 60 }, () => crlf('--b', `content-disposition: form-data; name="a"${';x="'.repeat(3900)}`, '', '')), '--b--')],
])('%s are read in linear time', (_name, body) => expect(partsOf(body).length).toBeGreaterThan(0)); // oxfmt-ignore
