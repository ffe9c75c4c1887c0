import { expect, test } from 'vitest';
import {
  exactUtf8,
  fromBase64,
  fromBase64Url,
  readUtf8,
  startOfUtf8,
  toBase64,
  toBase64Url,
  toHex,
} from '../../src/kernel/encoding';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text).slice();
const MARKED = new Uint8Array([0xef, 0xbb, 0xbf, 0x61]);

test('a byte order mark is removed from text that is read, and kept in text that stands for its bytes', () => {
  expect([readUtf8(MARKED), exactUtf8(MARKED)]).toEqual(['a', '\ufeffa']);
  expect(bytesOf(exactUtf8(MARKED)!)).toEqual(MARKED);
});

test('bytes that are not UTF-8 are null, and leave nothing behind for the next text', () => {
  for (const decode of [readUtf8, exactUtf8]) {
    expect(decode(new Uint8Array([0xc3]))).toBeNull();
    expect(decode(new Uint8Array([0xa9]).buffer)).toBeNull();
    expect(decode(bytesOf('é'))).toBe('é');
  }
});

test('the start of a text ends before a character that the cut divides', () => {
  expect(startOfUtf8(bytesOf('aé'), 2)).toBe('a');
  expect(startOfUtf8(bytesOf('aé'), 3)).toBe('aé');
  expect(startOfUtf8(new Uint8Array([0x61, 0xff, 0x61]), 2)).toBeNull();
});

test('bytes survive base64 of both alphabets, also as part of a longer buffer', () => {
  const bytes = new Uint8Array([0, 0xfb, 0xff, 0xfe, 1]).subarray(1, 4);
  expect([toBase64(bytes), toBase64Url(bytes), toHex(bytes)]).toEqual(['+//+', '-__-', 'fbfffe']);
  expect([fromBase64('+//+'), fromBase64Url('-__-')]).toEqual([Uint8Array.from(bytes), Uint8Array.from(bytes)]);
  expect([toBase64(bytesOf('a')), toBase64Url(bytesOf('a'))]).toEqual(['YQ==', 'YQ']);
  expect([fromBase64('YQ=='), fromBase64Url('YQ')]).toEqual([bytesOf('a'), bytesOf('a')]);
});

test('text that is not base64 is refused', () => {
  for (const text of ['a', '*', 'YQ=Q']) expect(() => fromBase64(text)).toThrow();
});
