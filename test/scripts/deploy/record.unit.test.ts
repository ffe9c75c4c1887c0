import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newSecret, openRecord, recordFile } from '../../../scripts/deploy/record.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a record is outside the project, by account and Worker', () => {
  expect(recordFile({ HOME: '/home/ada' }, 'acc', 'portico')).toBe('/home/ada/.config/portico/acc/portico.env');
  expect(recordFile({ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' }, 'acc', 'portico-staging')).toBe(
    '/etc/ada/portico/acc/portico-staging.env',
  );
});

test('a record keeps its entries, drops those that are unset, and is for its owner alone', () => {
  const file = join(folder, 'a', 'portico.env');
  const record = openRecord(file);
  expect(record.isNew).toBe(true);
  const secret = newSecret('KEY_PEPPER');
  record.set({ KEY_PEPPER: secret, ADMIN_PASSWORD: 'x' });
  record.set({ ADMIN_PASSWORD: undefined });
  const again = openRecord(file);
  expect([again.isNew, again.get('KEY_PEPPER'), again.get('ADMIN_PASSWORD')]).toEqual([false, secret, undefined]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain('ADMIN_PASSWORD');
});

test.each([
  ['SECRETS_KEY', 'x'.repeat(44)],
  ['SECRETS_KEY', Buffer.alloc(31).toString('base64')],
  ['KEY_PEPPER', 'short'],
  ['AUTH_SECRET', 'short'],
])('%s=%s is refused, because the service would ignore it', (name, value) => {
  const file = join(folder, 'wrong.env');
  writeFileSync(file, `${name}=${value}\n`);
  expect(() => openRecord(file)).toThrow(`${name} in ${file} must`);
});

test('new secrets are what the service accepts', () => {
  const file = join(folder, 'new.env');
  const names = ['AUTH_SECRET', 'KEY_PEPPER', 'SECRETS_KEY', 'BOOTSTRAP_TOKEN'] as const;
  openRecord(file).set(Object.fromEntries(names.map((name) => [name, newSecret(name)])));
  expect(names.filter((name) => openRecord(file).get(name) === undefined)).toEqual([]);
});
