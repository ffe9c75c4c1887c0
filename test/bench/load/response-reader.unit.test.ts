import { describe, expect, test } from 'vitest';
import { ResponseReader } from '../../../bench/load/response-reader.ts';

const WITH_LENGTH = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n';
const EMPTY = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n';
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

const CASES = [
  ['a body with a length', WITH_LENGTH, 200],
  ['a chunked body', CHUNKED, 201],
  ['an empty body', EMPTY, 404],
  ['no body', NO_CONTENT, 204],
] as const;

describe('ResponseReader', () => {
  test.each(CASES)('returns the status after the last byte of a response with %s', (_what, text, status) => {
    expect(new ResponseReader().push(Buffer.from(text))).toBe(status);
  });

  test.each(CASES)('finds the end of a response with %s that arrives byte by byte', (_what, text, status) => {
    const reader = new ResponseReader();
    const results = [...Buffer.from(text)].map((byte) => reader.push(Buffer.from([byte])));
    expect(results.slice(0, -1).every((result) => result === null)).toBe(true);
    expect(results.at(-1)).toBe(status);
  });

  test('reads one response after the other', () => {
    const reader = new ResponseReader();
    expect(CASES.map(([, text]) => reader.push(Buffer.from(text)))).toEqual([200, 201, 404, 204]);
  });

  test.each([
    ['is not HTTP/1.1', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['is informational', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['has no length', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['is longer than its length', `${WITH_LENGTH}!`],
    ['has a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello\r\n'],
  ])('throws for a response that %s', (_what, text) => {
    expect(() => new ResponseReader().push(Buffer.from(text))).toThrow();
  });
});
