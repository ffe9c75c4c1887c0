import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitOf } from '../../../../packages/cli/src/push/git.ts';

let repository = '';
let folder = '';
const git = (...args: string[]): void =>
  void execFileSync('git', ['-C', repository, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args]);
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'portico-'));
  folder = join(repository, 'shop');
  mkdirSync(folder);
  writeFileSync(join(folder, 'portico.jsonc'), '{}');
});
afterEach(() => rmSync(repository, { recursive: true }));

describe('commitOf', () => {
  test('names no commit of a repository that has other files only', () => {
    git('init', '-q');
    writeFileSync(join(repository, 'README.md'), '');
    git('add', 'README.md');
    expect(commitOf(folder)).toBeNull();
    git('commit', '-qm', 'one');
    expect(commitOf(folder)).toEqual({ id: null, isDirty: true });
    writeFileSync(join(repository, '.gitignore'), 'shop/\n');
    expect(commitOf(folder)).toEqual({ id: null, isDirty: false });
  });

  test('names the commit that has the project', () => {
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    expect(commitOf(folder)).toEqual({ id: expect.stringMatching(/^[0-9a-f]{40}$/), isDirty: false });
    writeFileSync(join(folder, 'roles.jsonc'), '{}');
    expect(commitOf(folder)?.isDirty).toBe(true);
  });
});
