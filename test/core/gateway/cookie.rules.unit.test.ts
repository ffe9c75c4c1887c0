import { expect, test } from 'vitest';
import { listedCookies, toCookie } from '../../../src/core/gateway/cookie.rules';

const at = (basePath: string, given: string): string => {
  const read = toCookie(given, { cookies: new Set(['sid']), basePath });
  return 'cookie' in read ? read.cookie : `issue: ${read.issue}`;
};
const ENDING = 'Secure; HttpOnly; SameSite=Lax';

test.each([
  ['sid=1', `sid=1; Path=/u/shop; ${ENDING}`],
  ['sid=', `sid=; Path=/u/shop; ${ENDING}`],
  [' sid = "a" ', `sid="a"; Path=/u/shop; ${ENDING}`],
  [String.raw`sid="{\"a\": 1\054 \303\251}"`, String.raw`sid="{\"a\": 1\054 \303\251}"; Path=/u/shop; ${ENDING}`],
  ['sid=1; Domain=example.com; SameSite=None; Partitioned; Priority=High', `sid=1; Path=/u/shop; ${ENDING}`],
  ['sid=1; Path=/', `sid=1; Path=/u/shop; ${ENDING}`],
  ['sid=1; path=/u/shop/cart', `sid=1; Path=/u/shop/cart; ${ENDING}`],
  ['sid=1; path=/u/shopping', `sid=1; Path=/u/shop; ${ENDING}`],
  ['sid=1; path=/u/shop/\u00e9', `sid=1; Path=/u/shop; ${ENDING}`],
  ['sid=1; Max-Age=-1', `sid=1; Path=/u/shop; Max-Age=-1; ${ENDING}`],
  ['sid=1; Max-Age=1e9; Expires=never', `sid=1; Path=/u/shop; ${ENDING}`],
  [
    'sid=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT',
    `sid=1; Path=/u/shop; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${ENDING}`,
  ],
  ['sid=1; samesite=STRICT', 'sid=1; Path=/u/shop; Secure; HttpOnly; SameSite=Strict'],
])('%j is sent as %j', (given, sent) => {
  expect(at('/u/shop', given)).toBe(sent);
});

test.each([
  'other=1',
  'SID=1',
  '',
  'sid',
  '=1',
  '; sid=1',
  'sid=a b',
  'sid=a,b',
  'sid=a"b',
  'sid="a',
  'sid=\u00e9',
  'sid=a\\b',
  'sid="a\\b"',
  'sid="a\\"',
  'sid="a,b"',
  `sid=${'a'.repeat(5000)}`,
])('%j is left out', (given) => {
  expect(at('/u/shop', given)).toMatch(/^issue: /);
});

test('a URL cannot add attributes to the path', () => {
  expect(at('/u/orders/1;Domain=example.com/', 'sid=1')).toBe(
    `sid=1; Path=/u/orders/1%3BDomain=example.com; ${ENDING}`,
  );
});

test('of a request, only listed cookies are read', () => {
  const names = new Set(['a', '__proto__']);
  expect(listedCookies(' a=1;b=2; a = 3 ;A=4; __proto__=5; a', names)).toBe('a=1; a = 3; __proto__=5');
  expect([listedCookies(null, names), listedCookies(`a=${'x'.repeat(20_000)}`, names)]).toEqual(['', '']);
});
