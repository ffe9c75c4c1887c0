import { expect, test } from 'vitest';
import { compileKey, type KeyState } from '../../../src/core/gateway/key-access.rules';
import { createSeenKeys } from '../../../src/core/gateway/seen-keys';

const key = (id: string, changes: Partial<KeyState> = {}) => ({
  ...compileKey(
    {
      id,
      alias: id,
      version: 1,
      active: true,
      expiresAt: null,
      scopes: {},
      roles: [],
      addresses: [],
      quota: {},
      previousUntil: null,
      lastUsedAt: null,
      previousUsedAt: null,
    },
    { path: 'x', folder: '' },
  ),
  ...changes,
});
const having = (states: Record<string, KeyState>) => ({ keys: new Map(Object.entries(states)) });
const K = { id: 'key_1', version: 1 };

test('a key that no definition has shown is decided by the definition of the call', () => {
  expect(createSeenKeys(10).allows(K, 0)).toBe(true);
});

test.each<[string, Record<string, KeyState>]>([
  ['disabled', { key_1: key('key_1', { active: false }) }],
  ['replaced', { key_1: key('key_1', { version: 2 }) }],
  ['expired', { key_1: key('key_1', { expiresAt: 5 }) }],
  ['gone', {}],
])('a key that one definition shows as %s is refused, and stays so for older reads', (_how, after) => {
  const seen = createSeenKeys(10);
  const before = having({ key_1: key('key_1') });
  seen.note(null, before, 1);
  expect(seen.allows(K, 2)).toBe(true);
  seen.note(before, having(after), 3);
  expect(seen.allows(K, 9)).toBe(false);
  seen.note(null, before, 2);
  expect(seen.allows(K, 9)).toBe(false);
  seen.note(null, before, 4);
  expect(seen.allows(K, 9)).toBe(true);
});

test('the value before a replaced one works during its grace', () => {
  const seen = createSeenKeys(10);
  seen.note(null, having({ key_1: key('key_1', { version: 2, previousUntil: 100 }) }), 1);
  expect([seen.allows(K, 99), seen.allows(K, 100), seen.allows({ ...K, version: 2 }, 100)]).toEqual([
    true,
    false,
    true,
  ]);
});

test('a withdrawn key is refused until a later read shows it', () => {
  const seen = createSeenKeys(10);
  seen.withdraw('key_1', 5);
  seen.note(null, having({ key_1: key('key_1') }), 4);
  expect(seen.allows(K, 9)).toBe(false);
  seen.note(null, having({ key_1: key('key_1') }), 6);
  expect(seen.allows(K, 9)).toBe(true);
});

test('a deleted endpoint says nothing about its keys', () => {
  const seen = createSeenKeys(10);
  seen.note(having({ key_1: key('key_1') }), null, 5);
  expect(seen.allows(K, 9)).toBe(true);
});

test('the least recently read keys are forgotten', () => {
  const seen = createSeenKeys(2);
  for (const [at, id] of ['key_1', 'key_2'].entries()) seen.withdraw(id, at);
  seen.withdraw('key_1', 2);
  seen.withdraw('key_3', 3);
  expect(['key_1', 'key_2', 'key_3'].map((id) => seen.allows({ id, version: 1 }, 9))).toEqual([false, true, false]);
});
