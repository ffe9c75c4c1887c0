import { expect, test } from 'vitest';
import { corsHeaders, preflight, toOrigins } from '../../../src/core/gateway/cors.rules';

const APP = 'https://app.example';
const set = (...origins: string[]): ReadonlySet<string> => new Set(origins);

test.each<[string, ReadonlySet<string>, string | null, string | undefined]>([
  ['no list, no CORS', set(), APP, undefined],
  ['a listed origin', set(APP), APP, APP],
  ['everyone', set('*'), APP, '*'],
  ['another origin', set(APP), 'https://evil.example', undefined],
  ['another scheme', set(APP), 'http://app.example', undefined],
  ['another port', set(APP), `${APP}:444`, undefined],
  ['a longer host', set(APP), `${APP}.evil.example`, undefined],
  ['null', set(APP), 'null', undefined],
  ['no origin', set(APP), null, undefined],
])('%s', (_name, origins, origin, allowed) => {
  const headers = corsHeaders(origins, origin);
  expect(headers['access-control-allow-origin']).toBe(allowed);
  // Without it a cache would hand the answer for one origin to another.
  expect(headers.vary).toBe(origins.size === 0 ? undefined : 'origin');
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});

test('listed origins count as browsers send them', () => {
  const listed = [
    '*',
    'https://App.Example',
    'https://app.example:443',
    'http://a.example:8080',
    'https://a.example:99999',
  ];
  expect([...toOrigins(listed)]).toEqual(['*', APP, 'http://a.example:8080', 'https://a.example:99999']);
});

const ask = {
  origin: APP,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'x-api-key, content-type',
};

test('a preflight names what is allowed', () => {
  expect(preflight(set(APP), 'GET, PUT', new Headers(ask))).toEqual({
    'access-control-allow-origin': APP,
    'access-control-expose-headers':
      'x-run-id, x-request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'x-api-key, content-type',
    'access-control-max-age': '600',
    vary: 'origin, access-control-request-headers',
  });
});

test('a preflight from an origin that is not listed is allowed nothing', () => {
  expect(preflight(set('https://other.example'), 'GET', new Headers(ask))).toEqual({ vary: 'origin' });
});

test.each([
  ['CORS is not configured', set(), ask],
  ['it names no origin', set('*'), { 'access-control-request-method': 'PUT' }],
  ['it asks for no method', set('*'), { origin: APP }],
])('a request is not a preflight when %s', (_name, origins, headers) => {
  expect(preflight(origins, 'GET', new Headers(headers))).toBeNull();
});
