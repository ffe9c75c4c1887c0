import { describe, expect, test } from 'vitest';
import {
  authRequired,
  assertCallerRoles,
  invalidKey,
  invalidToken,
  readCredential,
  takesBearers,
  takesKeys,
} from '../../../src/core/gateway/access.rules';
import { ANONYMOUS } from '../../../src/core/access/actor';
import { rootOfTarget } from '../../../src/core/gateway/find-definition';
import { isLiteral } from '../../../src/core/publishing/endpoints/endpoint-path.rules';
import { ACCESS_LEVELS } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { ApiError } from '../../../src/kernel/errors';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof ApiError ? error.code : String(error);
  }
};

describe('credentials', () => {
  test.each<[Record<string, string>, object | string]>([
    [{}, { kind: 'none' }],
    [{ 'x-api-key': 'k' }, { kind: 'key', value: 'k' }],
    [{ 'x-api-key': '' }, { kind: 'key', value: '' }],
    [{ authorization: 'Bearer t' }, { kind: 'bearer', value: 't' }],
    [{ authorization: 'bearer  t' }, { kind: 'bearer', value: 't' }],
    [{ authorization: 'JWT t' }, { kind: 'bearer', value: 't' }],
    [{ authorization: 'Basic t' }, { kind: 'bearer', value: '' }],
    [{ authorization: 'Bearer a b' }, { kind: 'bearer', value: '' }],
    [{ authorization: 't' }, { kind: 'bearer', value: '' }],
    [{ 'x-api-key': 'k', authorization: 'Bearer t' }, 'ambiguous_credentials'],
    [{ 'x-api-key': '', authorization: '' }, 'ambiguous_credentials'],
    [{ 'x-api-key': 'a, b' }, 'ambiguous_credentials'],
    [{ authorization: 'Bearer a, Bearer b' }, 'ambiguous_credentials'],
  ])('%j', (headers, wanted) => {
    if (typeof wanted === 'string') expect(codeOf(() => readCredential(new Headers(headers)))).toBe(wanted);
    else expect(readCredential(new Headers(headers))).toEqual(wanted);
  });
  test('a header sent twice is ambiguous', () => {
    const headers = new Headers([
      ['x-api-key', 'a'],
      ['x-api-key', 'a'],
    ]);
    expect(codeOf(() => readCredential(headers))).toBe('ambiguous_credentials');
  });
});

test('each access level accepts its kinds of credential, and names them when none is sent', () => {
  const table = ACCESS_LEVELS.map((level) => [
    level,
    takesKeys(level),
    takesBearers(level),
    authRequired(level).extra.headers!['www-authenticate'],
  ]);
  expect(table).toEqual([
    ['public', false, false, ''],
    ['key', true, false, 'ApiKey header="x-api-key"'],
    ['authenticated', false, true, 'Bearer realm="portico"'],
    ['key-or-authenticated', true, true, 'ApiKey header="x-api-key", Bearer realm="portico"'],
  ]);
  for (const error of [invalidKey(), invalidToken()]) expect(error.extra.headers!['www-authenticate']).toBeTruthy();
});

describe('roles', () => {
  test.each<['any' | 'all', string[], string[], boolean]>([
    ['any', [], [], true],
    ['any', ['a', 'b'], ['b'], true],
    ['any', ['a', 'b'], [], false],
    ['any', ['a'], ['A'], false],
    ['all', ['a', 'b'], ['a', 'b', 'c'], true],
    ['all', ['a', 'b'], ['a'], false],
    ['any', ['a'], ['admin'], false],
  ])('match %s of %j, having %j: %j', (match, of, roles, wanted) => {
    for (const kind of ['user', 'token'] as const)
      expect(codeOf(() => assertCallerRoles({ kind, id: 'x', name: '', roles }, { match, of }))).toBe(
        wanted ? 'done' : 'role_required',
      );
  });
  test('keys have none: the list of keys decides', () => {
    expect(
      codeOf(() => assertCallerRoles({ kind: 'key', id: 'k', name: '', roles: [] }, { match: 'all', of: ['a'] })),
    ).toBe('done');
    expect(codeOf(() => assertCallerRoles(ANONYMOUS, { match: 'any', of: ['a'] }))).toBe('done');
  });
});

test.each([
  ['quote', 'quote', true],
  ['quote/', 'quote', true],
  ['quote/a/b', 'quote', true],
  ['robots.txt', 'robots.txt', true],
  ['', '', false],
  ['/a', '', false],
  ['..%2f..%2fadmin', '..%2f..%2fadmin', false],
  ['x%00', 'x%00', false],
  ['x;a=1', 'x;a=1', false],
  ['%71uote', '%71uote', false],
  ['é', 'é', false],
  ['..', '..', false],
  [':id', ':id', false],
  ['x'.repeat(64), 'x'.repeat(64), true],
  ['x'.repeat(65), 'x'.repeat(65), false],
  ['x\n', 'x\n', false],
])('the target %j begins with %j, which a path may begin with: %j', (text, root, isRoot) => {
  expect(rootOfTarget(text)).toBe(root);
  expect(isLiteral(root)).toBe(isRoot);
});
