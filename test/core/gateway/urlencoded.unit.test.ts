import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoderOf } from '../../../src/kernel/decode-text';
import { checkHeader, readForm, readQuery, readSegment } from '../../../src/core/gateway/urlencoded';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;

describe('a query', () => {
  test.each([
    '',
    'a=1',
    'a=1&a=2&b',
    'a=%C3%A9+x',
    'a=%EF%BF%BD',
    'a=100%&b=%zz&c=%',
    '=x',
    '&&',
    'a=b=c',
    '%EF%BF%BD=1',
    '?a=1',
    '??a=%EF%BF%BD',
    '?',
    '&?a=1',
  ])('%j is read as the URL standard reads it', (query) =>
    expect([...readQuery(query)]).toEqual([...new URL(`https://a.dev/?${query}`).searchParams]),
  );
  test.each([
    ['a=%E9', 'a'],
    ['a=1&b=%C3', 'b'],
    ['b=%ED%A0%80', 'b'],
    ['%FF=1', '%FF'],
    ['ok=%C3%A9&x=%C0%80', 'x'],
  ])('%j is refused for %s', (query, name) =>
    expect(() => readQuery(query)).toThrow(`The query parameter ${name} is not UTF-8.`),
  );
});

test('a question mark at the start of a form belongs to the name of its first field', () => {
  for (const charset of ['utf-8', 'iso-8859-1'])
    expect([...readForm(bytes('?a=1&b=2'), decoderOf(charset))]).toEqual([
      ['?a', '1'],
      ['b', '2'],
    ]);
});

test('text in any of its characters comes back, escaped or not', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (pairs) => {
      const escaped = new URLSearchParams(pairs).toString();
      const wanted = [...new URLSearchParams(escaped)];
      expect([...readQuery(escaped)]).toEqual(wanted);
      expect([...readForm(bytes(escaped), decoderOf(undefined))]).toEqual(wanted);
      // The slow way, one pair at a time, reads the same.
      expect([...readForm(bytes(`${escaped}&z=%EF%BF%BD`), decoderOf('utf-8'))]).toEqual([...wanted, ['z', '\ufffd']]);
    }),
  );
});

test.each([
  ['a', 'a'],
  ['a%20b%C3%A9', 'a bé'],
  ['100%', '100%'],
  ['%2F%2e', '/.'],
  ['a+b', 'a+b'],
])('the segment %s is %s', (segment, wanted) => expect(readSegment(segment)).toBe(wanted));

test('a segment that is not UTF-8 is refused, and repeated in part', () => {
  expect(() => readSegment('caf%E9')).toThrow('The path segment caf%E9 is not UTF-8.');
  expect(() => readSegment(`%E9${'x'.repeat(5000)}`)).toThrow(/^The path segment %E9x{197}… is not UTF-8\.$/);
});

test('a header whose bytes were not UTF-8 is refused', () => {
  expect([checkHeader('x-a', null), checkHeader('x-a', ''), checkHeader('x-a', 'café')]).toEqual([null, '', 'café']);
  expect(() => checkHeader('x-a', 'caf\ufffd')).toThrow('The header x-a is not UTF-8.');
});
