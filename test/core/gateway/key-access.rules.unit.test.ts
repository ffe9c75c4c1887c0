import { expect, test } from 'vitest';
import { assertKeyMay, compileKey, isCurrent } from '../../../src/core/gateway/key-access.rules';
import type { KeyScopes } from '../../../src/core/identity/keys/key.schema';
import { codeOf } from '../../support/code-of';

const outcome = (work: () => void) => codeOf(Promise.resolve().then(work));

const KEY = {
  id: 'key_1',
  alias: 'shop',
  version: 3,
  active: true,
  expiresAt: null,
  roles: [],
  addresses: [],
  quota: {},
  previousUntil: null,
  lastUsedAt: null,
  previousUsedAt: null,
};
const ENDPOINT = { path: 'orders/:id', folder: 'shop/sales' };

test.each<[KeyScopes, string, string]>([
  [{}, 'GET', 'done'],
  [{ endpoints: ['orders/:id'] }, 'GET', 'done'],
  [{ endpoints: ['orders/*'] }, 'GET', 'done'],
  [{ endpoints: ['orders/:id/*'] }, 'GET', 'done'],
  [{ endpoints: ['orders'] }, 'GET', 'key_scope'],
  [{ endpoints: ['order/*'] }, 'GET', 'key_scope'],
  [{ endpoints: ['*'] }, 'GET', 'key_scope'],
  [{ folders: ['shop/sales'] }, 'GET', 'done'],
  [{ folders: ['shop/*'] }, 'GET', 'done'],
  [{ folders: ['shop'] }, 'GET', 'key_scope'],
  [{ endpoints: ['other'], folders: ['shop/*'] }, 'GET', 'done'],
  [{ methods: ['GET'] }, 'GET', 'done'],
  [{ methods: ['GET'] }, 'POST', 'key_scope'],
  [{ endpoints: ['other'], methods: ['GET'] }, 'GET', 'key_scope'],
])('the scopes %j allow %s: %s', async (scopes, method, code) => {
  const state = compileKey({ ...KEY, scopes }, ENDPOINT);
  expect(await outcome(() => assertKeyMay(state, method, '192.0.2.1'))).toBe(code);
});

test('a key for some addresses is refused from others', async () => {
  const state = compileKey({ ...KEY, scopes: {}, addresses: ['192.0.2.0/24'] }, ENDPOINT);
  const from = (address: string) => outcome(() => assertKeyMay(state, 'GET', address));
  expect([await from('192.0.2.9'), await from('192.0.3.9'), await from('unknown')]).toEqual([
    'done',
    'address_not_allowed',
    'address_not_allowed',
  ]);
});

test('only the current value works, and the one before it until its grace ends', () => {
  const works = (owned: number, previousUntil: number | null) => isCurrent({ version: 3, previousUntil }, owned, 1000);
  expect([works(3, null), works(2, null), works(2, 1001), works(2, 1000), works(1, 2000), works(4, 2000)]).toEqual([
    true,
    false,
    true,
    false,
    false,
    false,
  ]);
});
