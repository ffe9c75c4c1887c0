import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSecrets } from '../../../scripts/start/secrets.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-'));
  file = join(folder, '.dev.vars');
});
afterEach(() => rmSync(folder, { recursive: true }));

const NAMES = ['BOOTSTRAP_TOKEN', 'AUTH_SECRET', 'KEY_PEPPER', 'SECRETS_KEY', 'LOCAL_ADMIN_PASSWORD'];

test('all secrets are made where there are none, and a second time none', () => {
  const first = ensureSecrets(file);
  const text = readFileSync(file, 'utf8');
  expect(first.made).toEqual(NAMES);
  expect(Math.min(...Object.values(first.values).map((value) => value.length))).toBeGreaterThanOrEqual(32);
  expect(ensureSecrets(file)).toEqual({ values: first.values, made: [] });
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('existing lines stay byte for byte, missing secrets are added, and the mode of the file is tightened', () => {
  const text = '# mine\nAUTH_SECRET="chosen by me, with spaces and # signs"\nOTHER=1';
  writeFileSync(file, text, { mode: 0o644 });
  const { values, made } = ensureSecrets(file);
  expect(made).toEqual(NAMES.filter((name) => name !== 'AUTH_SECRET'));
  expect(values.AUTH_SECRET).toBe('chosen by me, with spaces and # signs');
  expect(readFileSync(file, 'utf8').startsWith(`${text}\n`)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('empty lines are filled in their place', () => {
  const example = readFileSync('.dev.vars.example', 'utf8').replaceAll(/^# ([A-Z_]+=)$/gm, '$1');
  writeFileSync(file, example);
  const { values, made } = ensureSecrets(file);
  expect(made).toEqual(NAMES);
  let filled = example;
  for (const name of NAMES) filled = filled.replace(`${name}=\n`, `${name}=${values[name as keyof typeof values]}\n`);
  expect(readFileSync(file, 'utf8')).toBe(filled);
});

test('.dev.vars.example asks a deploy button for no value', () =>
  expect(parseEnv(readFileSync('.dev.vars.example', 'utf8'))).toEqual({}));
